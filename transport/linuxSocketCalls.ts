import { createRequire } from 'node:module';
import type koffiModule from 'koffi';
import { TransportError } from './transportError.js';

/**
 * The system calls of Linux that move packets in batches, and the memory that they read. The only
 * importer of koffi in the product.
 *
 * Pointers travel as JavaScript numbers (user addresses stay below 2^47), so that no call and no
 * entry of a batch allocates. Any thread may load it; each has its own.
 */
export interface LinuxSocketCalls {
  /** Each returns −1 on failure; errno() then tells why. */
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: number, addressBytes: number): number;
  setsockopt(fd: number, level: number, name: number, value: number, valueBytes: number): number;
  getsockopt(fd: number, level: number, name: number, value: number, valueBytes: number): number;
  getsockname(fd: number, address: number, addressBytes: number): number;
  close(fd: number): number;
  eventfd(initial: number, flags: number): number;
  read(fd: number, buffer: number, bytes: number): number;
  write(fd: number, buffer: number, bytes: number): number;
  /** Waits for readiness at most `timeout` (a timespec); 0 when the time ran out. */
  ppoll(fds: number, count: number, timeout: number, signalMask: number): number;
  clock_gettime(clock: number, time: number): number;
  recvmmsg(fd: number, messages: number, count: number, flags: number, timeout: number): number;
  sendmmsg(fd: number, messages: number, count: number, flags: number): number;
  errno(): number;
  /** Zeros, whose address never changes while they are referenced; at least `bytes` long. */
  allocate(bytes: number): NativeMemory;
}

/** Memory that system calls may read and write by address; both views are of all of it. */
export interface NativeMemory {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/** Writes a pointer of 64 bits at a byte offset that is a multiple of 4. */
export function writePointer(words: Int32Array, byteOffset: number, address: number): void {
  const word = byteOffset >>> 2;
  words[word] = address;
  words[word + 1] = address / 0x1_0000_0000;
}

/** @throws TransportError `unsupportedPlatform` where these calls cannot be had. */
export function loadLinuxSocketCalls(): LinuxSocketCalls {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new TransportError(
      'unsupportedPlatform',
      `Batch sockets need 64-bit Linux; this is ${process.platform} ${process.arch}.`,
    );
  }
  try {
    return bindCalls();
  } catch (cause) {
    throw new TransportError('unsupportedPlatform', 'The C library could not be called.', {
      cause,
    });
  }
}

/** @returns null where these calls cannot be had */
export function tryLoadLinuxSocketCalls(): LinuxSocketCalls | null {
  try {
    return loadLinuxSocketCalls();
  } catch (error) {
    if (error instanceof TransportError && error.code === 'unsupportedPlatform') return null;
    throw error;
  }
}

function bindCalls(): LinuxSocketCalls {
  // Not imported: on a platform for which it has no binary, this module must load all the same.
  const koffi = createRequire(import.meta.url)('koffi') as typeof koffiModule;
  const libc = koffi.load('libc.so.6');
  const addressOf = libc.func('uintptr_t memmove(void *to, void *from, size_t bytes)') as (
    to: Uint8Array,
    from: Uint8Array,
    bytes: number,
  ) => number | bigint;
  const call = (prototype: string) => libc.func(prototype) as (...values: number[]) => number;
  return {
    socket: call('int socket(int domain, int type, int protocol)'),
    bind: call('int bind(int fd, uintptr_t address, uint32_t bytes)'),
    setsockopt: call(
      'int setsockopt(int fd, int level, int name, uintptr_t value, uint32_t bytes)',
    ),
    getsockopt: call(
      'int getsockopt(int fd, int level, int name, uintptr_t value, uintptr_t bytes)',
    ),
    getsockname: call('int getsockname(int fd, uintptr_t address, uintptr_t bytes)'),
    close: call('int close(int fd)'),
    eventfd: call('int eventfd(unsigned int initial, int flags)'),
    read: call('intptr_t read(int fd, uintptr_t buffer, size_t bytes)'),
    write: call('intptr_t write(int fd, uintptr_t buffer, size_t bytes)'),
    ppoll: call('int ppoll(uintptr_t fds, uintptr_t count, uintptr_t timeout, uintptr_t mask)'),
    clock_gettime: call('int clock_gettime(int clock, uintptr_t time)'),
    recvmmsg: call(
      'int recvmmsg(int fd, uintptr_t messages, unsigned int count, int flags, uintptr_t timeout)',
    ),
    sendmmsg: call('int sendmmsg(int fd, uintptr_t messages, unsigned int count, int flags)'),
    errno: () => koffi.errno(),
    allocate: (size) => {
      const words = new Int32Array(Math.ceil(size / Int32Array.BYTES_PER_ELEMENT));
      const bytes = new Uint8Array(words.buffer);
      const address = Number(addressOf(bytes, bytes, 0));
      return { address, bytes, words };
    },
  };
}
