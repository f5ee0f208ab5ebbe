// What a native file is built for, as its header says.

/** e_machine of ELF, cputype of Mach-O, Machine of PE: what Node calls these processors. */
const processors = {
  elf: { 3: 'ia32', 40: 'arm', 62: 'x64', 183: 'arm64' },
  machO: { 0x01000007: 'x64', 0x0100000c: 'arm64' },
  pe: { 0x14c: 'ia32', 0x8664: 'x64', 0xaa64: 'arm64' },
};

/** Thin of 32 and 64 bits, in little-endian; of several processors, in big-endian. */
const machOMagics = [0xcefaedfe, 0xcffaedfe];
const fatMagics = [0xcafebabe, 0xcafebabf];

/**
 * @typedef {object} Target
 * @property {'linux' | 'darwin' | 'win32'} os
 * @property {string | null} cpu null where it is another one, or several
 * @property {'glibc' | 'other' | null} libc Of ELF alone; null where it asks for none.
 */

/**
 * Says for which system a program or library is: ELF (elf(5)), Mach-O (mach-o/loader.h), PE
 * (Microsoft's PE format, "COFF file header").
 *
 * @param {Buffer} bytes The whole file.
 * @returns {Target | null} null for whatever else
 */
export function builtFor(bytes) {
  if (bytes.length < 64) return null;
  const magic = bytes.readUInt32BE(0);
  if (magic === 0x7f454c46) {
    const cpu = processors.elf[bytes.readUInt16LE(18)] ?? null;
    return { os: 'linux', cpu, libc: libcOf(bytes) };
  }
  if (machOMagics.includes(magic)) {
    return { os: 'darwin', cpu: processors.machO[bytes.readUInt32LE(4)] ?? null, libc: null };
  }
  if (fatMagics.includes(magic)) return { os: 'darwin', cpu: null, libc: null };
  const headerAt = bytes.toString('latin1', 0, 2) === 'MZ' ? bytes.readUInt32LE(60) : Infinity;
  if (headerAt + 6 > bytes.length) return null;
  if (bytes.toString('latin1', headerAt, headerAt + 4) !== 'PE\0\0') return null;
  const cpu = processors.pe[bytes.readUInt16LE(headerAt + 4)] ?? null;
  return { os: 'win32', cpu, libc: null };
}

/** By the names of libraries that it needs: musl and Android have others than glibc. */
function libcOf(bytes) {
  if (bytes.includes('\0libc.so.6\0')) return 'glibc';
  return bytes.includes('\0libc.so\0') || bytes.includes('\0libc.musl-') ? 'other' : null;
}

/**
 * Whether a file is a program or library that another system than this one would run.
 *
 * @param {Buffer} bytes The whole file.
 * @param {{ os: string, cpu: string, libc: string }} platform
 */
export function isForeign(bytes, platform) {
  const target = builtFor(bytes);
  if (target === null) return false;
  const { os, cpu, libc } = target;
  return os !== platform.os || cpu !== platform.cpu || (libc ?? platform.libc) !== platform.libc;
}
