import { readFileSync } from 'node:fs';
// Imported for its loading of the library.
import '@matrixai/quic/native/quiche.js';
import koffi from 'koffi';
import { findImportSlot } from './elfRelocation.js';

/*
 * The QUIC library reads the monotonic clock by itself, so that a test could only wait. Here its
 * import of clock_gettime is pointed at a few instructions of our own, which hand out a time that
 * the test sets. Nothing else in the process sees it: Node's timers, and any other library, go on
 * with the real clock.
 *
 *   page   0  code     clock_gettime for CLOCK_MONOTONIC; other clocks go to the real function
 *         64  i64      seconds
 *         72  i64      nanoseconds
 *         80  u64      address of the real function
 */
const secondsOffset = 64;
const realFunctionOffset = 80;
const pageBytes = 4096;

/** x86-64, System V calling convention: clock id in edi, struct timespec pointer in rsi. */
const code = Uint8Array.of(
  ...[0x83, 0xff, 0x01], //                         0  cmp edi, 1 (CLOCK_MONOTONIC)
  ...[0x75, 0x18], //                               3  jne 29
  ...[0x48, 0x8b, 0x05, 0x34, 0x00, 0x00, 0x00], // 5  mov rax, [64]
  ...[0x48, 0x89, 0x06], //                         12 mov [rsi], rax
  ...[0x48, 0x8b, 0x05, 0x32, 0x00, 0x00, 0x00], // 15 mov rax, [72]
  ...[0x48, 0x89, 0x46, 0x08], //                   22 mov [rsi + 8], rax
  ...[0x31, 0xc0], //                               26 xor eax, eax
  ...[0xc3], //                                     28 ret
  ...[0xff, 0x25, 0x2d, 0x00, 0x00, 0x00], //       29 jmp [80]
);

/** <sys/mman.h> */
const readOnly = 1;
const readWrite = 3;
const readExecute = 5;
const privateAnonymous = 0x22;

/** Later than any time the real clock shows, so that time never seems to run backwards. */
const epochSeconds = 1_000_000_000;

/** Why quiche's clock cannot be stepped here; null when it can. */
export const steppedClockObstacle: string | null =
  process.platform === 'linux' && process.arch === 'x64'
    ? null
    : 'the QUIC library is given a stepped clock on Linux for x86-64 only';

/** The QUIC library's own clock, once it has been taken over. */
export interface SteppedClock {
  /** Sets what the library sees, milliseconds from an epoch of its own. Never backwards. */
  set(nowMs: number): void;
}

/**
 * Takes over the QUIC library's monotonic clock for the rest of this process. Tests only.
 *
 * @throws Error where `steppedClockObstacle` says so, or the system forbids it
 */
export function takeOverQuicClock(): SteppedClock {
  if (steppedClockObstacle !== null) throw new Error(steppedClockObstacle);
  const memory = openMemory();
  const { path, base } = findLoadedLibrary();
  const slotOffset = findImportSlot(readFileSync(path), 'clock_gettime');
  if (slotOffset === null) throw new Error('the QUIC library reads its clock in another way');
  const slot = base + slotOffset;
  const page = memory.map(pageBytes);
  const image = new Uint8Array(pageBytes);
  image.set(code);
  image.set(memory.read(slot, 8), realFunctionOffset);
  memory.write(page, image);
  // The time lives in a page that is executed, so it has to stay writable.
  memory.protect(page, readWrite | readExecute);
  const clock = {
    set(nowMs: number): void {
      const seconds = Math.floor(nowMs / 1000);
      const time = new BigInt64Array([
        BigInt(epochSeconds + seconds),
        BigInt(Math.floor((nowMs - seconds * 1000) * 1e6)),
      ]);
      memory.write(page + secondsOffset, new Uint8Array(time.buffer));
    },
  };
  clock.set(0);
  const slotPage = slot - (slot % pageBytes);
  memory.protect(slotPage, readWrite);
  memory.write(slot, new Uint8Array(new BigInt64Array([BigInt(page)]).buffer));
  memory.protect(slotPage, readOnly);
  return clock;
}

function findLoadedLibrary(): { path: string; base: number } {
  for (const line of readFileSync('/proc/self/maps', 'utf8').split('\n')) {
    const match = /^([0-9a-f]+)-.*? 00000000 .*? (\/.*quic-linux.*\.node)$/.exec(line);
    if (match !== null) return { path: match[2]!, base: Number.parseInt(match[1]!, 16) };
  }
  throw new Error('the QUIC library is not loaded');
}

interface Memory {
  map(bytes: number): number;
  protect(page: number, protection: number): void;
  read(address: number, bytes: number): Uint8Array;
  write(address: number, bytes: Uint8Array): void;
}

/** Addresses are below 2^47, and so exact as numbers. */
function openMemory(): Memory {
  const libc = koffi.load('libc.so.6');
  const mmap = libc.func('uintptr_t mmap(uintptr_t, size_t, int, int, int, int64_t)');
  const mprotect = libc.func('int mprotect(uintptr_t, size_t, int)');
  const copyIn = libc.func('memcpy', 'uintptr_t', ['uintptr_t', 'void *', 'size_t']);
  const copyOut = libc.func('memcpy', 'uintptr_t', ['void *', 'uintptr_t', 'size_t']);
  return {
    map: (bytes) => Number(mmap(0, bytes, readWrite, privateAnonymous, -1, 0)),
    protect(page, protection) {
      if (mprotect(page, pageBytes, protection) === 0) return;
      throw new Error('the system does not let the QUIC clock be replaced');
    },
    read(address, bytes) {
      const copy = new Uint8Array(bytes);
      copyOut(copy, address, bytes);
      return copy;
    },
    write(address, bytes) {
      copyIn(address, bytes, bytes.length);
    },
  };
}
