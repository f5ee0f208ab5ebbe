/*
 * As much of ELF64 (little-endian) as it takes to find the slot through which a shared library
 * calls an imported function: <elf.h>, and the System V ABI, x86-64 supplement, section 4.4.
 */

const dynamicHeaderType = 2; // PT_DYNAMIC
const loadHeaderType = 1; // PT_LOAD
const relocationBytes = 24; // Elf64_Rela
const symbolBytes = 24; // Elf64_Sym

/** Tags of the dynamic section (DT_…). */
const tag = { pltBytes: 2, strings: 5, symbols: 6, rela: 7, relaBytes: 8, plt: 23 };

/** R_X86_64_GLOB_DAT and R_X86_64_JUMP_SLOT: "write the symbol's address here". */
const slotTypes = [6, 7];

/**
 * Finds the address, relative to where the library is loaded, that holds the address of an imported
 * function.
 *
 * @param file the whole library, ELF64 for x86-64
 * @returns null when the library does not import it
 */
export function findImportSlot(file: Buffer, symbol: string): number | null {
  const dynamic = readDynamicSection(file);
  const tables = [
    { at: dynamic.get(tag.rela), bytes: dynamic.get(tag.relaBytes) },
    { at: dynamic.get(tag.plt), bytes: dynamic.get(tag.pltBytes) },
  ];
  for (const { at, bytes } of tables) {
    if (at === undefined || bytes === undefined) continue;
    const start = fileOffsetOf(file, at);
    for (let entry = start; entry < start + bytes; entry += relocationBytes) {
      if (!slotTypes.includes(file.readUInt32LE(entry + 8))) continue;
      const symbolIndex = file.readUInt32LE(entry + 12);
      if (symbolName(file, dynamic, symbolIndex) === symbol) return readWord(file, entry);
    }
  }
  return null;
}

function readDynamicSection(file: Buffer): Map<number, number> {
  const header = programHeaders(file).find(({ type }) => type === dynamicHeaderType);
  const entries = new Map<number, number>();
  if (header === undefined) return entries;
  for (let at = header.fileOffset; at < header.fileOffset + header.fileBytes; at += 16) {
    entries.set(readWord(file, at), readWord(file, at + 8));
  }
  return entries;
}

function symbolName(file: Buffer, dynamic: Map<number, number>, index: number): string {
  const symbols = fileOffsetOf(file, dynamic.get(tag.symbols)!);
  const strings = fileOffsetOf(file, dynamic.get(tag.strings)!);
  const start = strings + file.readUInt32LE(symbols + index * symbolBytes);
  return file.toString('latin1', start, file.indexOf(0, start));
}

/** Where in the file the bytes are that are loaded at an address. */
function fileOffsetOf(file: Buffer, address: number): number {
  for (const header of programHeaders(file)) {
    const within = address - header.address;
    if (header.type === loadHeaderType && within >= 0 && within < header.fileBytes) {
      return header.fileOffset + within;
    }
  }
  throw new RangeError(`the library loads nothing at ${address}`);
}

interface ProgramHeader {
  readonly type: number;
  readonly fileOffset: number;
  readonly address: number;
  readonly fileBytes: number;
}

function programHeaders(file: Buffer): ProgramHeader[] {
  const start = readWord(file, 32);
  const entryBytes = file.readUInt16LE(54);
  const count = file.readUInt16LE(56);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * entryBytes;
    return {
      type: file.readUInt32LE(at),
      fileOffset: readWord(file, at + 8),
      address: readWord(file, at + 16),
      fileBytes: readWord(file, at + 32),
    };
  });
}

function readWord(file: Buffer, at: number): number {
  return Number(file.readBigInt64LE(at));
}
