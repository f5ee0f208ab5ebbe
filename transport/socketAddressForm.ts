import { linux, sockaddrIn, sockaddrIn6 } from './linuxSocketLayout.js';

/**
 * How the addresses of one family lie in memory, and their way from and to the packed form. A
 * socket has one family, so the choice is made once. Allocates nothing.
 */
export interface SocketAddressForm {
  readonly family: number;
  /** Of one address, a multiple of 4. */
  readonly bytes: number;
  /** Writes a socket address at `word`, from the packed address at `at`. */
  write(words: Int32Array, word: number, packed: Int32Array, at: number): void;
  /** Reads the socket address at `word` into a packed address. */
  read(words: Int32Array, word: number, packed: Int32Array): void;
}

/** The bytes 00 00 ff ff as a little-endian word: what stands before a mapped IPv4 address. */
const mappedWord = 0xffff_0000 | 0;

/** Family in the low half and port in the high half of a word, as both structures begin. */
const portShift = 16;

const wordOf = (byteOffset: number): number => byteOffset >>> 2;

/** Of a socket that speaks IPv4 alone. */
export const ipv4Form: SocketAddressForm = {
  family: linux.AF_INET,
  bytes: sockaddrIn.bytes,
  write: (words, word, packed, at) => {
    words[word] = linux.AF_INET | (packed[at + 4]! << portShift);
    words[word + wordOf(sockaddrIn.address)] = packed[at + 3]!;
  },
  read: (words, word, packed) => {
    packed[0] = 0;
    packed[1] = 0;
    packed[2] = mappedWord;
    packed[3] = words[word + wordOf(sockaddrIn.address)]!;
    packed[4] = words[word]! >>> portShift;
  },
};

/** Of a socket that speaks IPv6, and IPv4 as mapped addresses where it is dual stack. */
export const ipv6Form: SocketAddressForm = {
  family: linux.AF_INET6,
  bytes: sockaddrIn6.bytes,
  write: (words, word, packed, at) => {
    words[word] = linux.AF_INET6 | (packed[at + 4]! << portShift);
    const address = word + wordOf(sockaddrIn6.address);
    for (let i = 0; i < 4; i++) words[address + i] = packed[at + i]!;
  },
  read: (words, word, packed) => {
    const address = word + wordOf(sockaddrIn6.address);
    for (let i = 0; i < 4; i++) packed[i] = words[address + i]!;
    packed[4] = words[word]! >>> portShift;
  },
};

/** @param family AF_INET or AF_INET6 */
export function addressFormOf(family: number): SocketAddressForm {
  return family === linux.AF_INET6 ? ipv6Form : ipv4Form;
}
