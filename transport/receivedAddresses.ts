import { SocketAddress } from 'node:net';
import { formatPackedAddress, makePackedAddress, packedAddressWords } from './packedAddress.js';
import type { UdpAddress } from './udpSocket.js';

/** A power of two. With as many peers as a server may have, most find their address kept. */
const slots = 4096;

/**
 * Writes out the addresses that packets come from as `node:dgram` does, and keeps those of late,
 * as a peer sends more than one. Looking a kept one up allocates nothing.
 */
export class ReceivedAddresses {
  readonly #words = new Int32Array(slots * packedAddressWords);
  readonly #addresses = new Array<UdpAddress | null>(slots).fill(null);
  readonly #packed = makePackedAddress();

  /** @returns null where there is no port, so that nobody could be answered */
  of(packed: Int32Array): UdpAddress | null {
    const slot = hashOf(packed) & (slots - 1);
    const at = slot * packedAddressWords;
    const kept = this.#addresses[slot] ?? null;
    if (kept !== null && equals(this.#words, at, packed)) return kept;
    this.#packed.words.set(packed);
    const address = formatPackedAddress(this.#packed);
    if (address === null) return null;
    const canonical = { host: canonicalHost(address.host), port: address.port };
    this.#words.set(packed, at);
    this.#addresses[slot] = canonical;
    return canonical;
  }
}

/** The shortest form of an IPv6 address (RFC 5952), by which addresses are compared. */
function canonicalHost(host: string): string {
  if (!host.includes(':')) return host;
  return new SocketAddress({ address: host, family: 'ipv6' }).address;
}

function hashOf(packed: Int32Array): number {
  let hash = 0;
  // The multiplier of Knuth's multiplicative hashing (The Art of Computer Programming, 6.4).
  for (let i = 0; i < packedAddressWords; i++) hash = Math.imul(hash ^ packed[i]!, 0x9e3779b1);
  return hash >>> 16;
}

function equals(words: Int32Array, at: number, packed: Int32Array): boolean {
  for (let i = 0; i < packedAddressWords; i++) if (words[at + i] !== packed[i]) return false;
  return true;
}
