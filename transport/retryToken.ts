import { randomBytes } from 'node:crypto';
import { sipHash24 } from '@rookery/schemas/sipHash';
import { connectionIdBytesMax } from './packetHeader.js';
import type { UdpAddress } from './udpSocket.js';

/*
 * TOKEN
 *   0   u48  time of issue, milliseconds on the endpoint's clock, big-endian
 *   6   …    the client's first destination connection id, 0 … 20 bytes
 *   …   [8]  SipHash-2-4 over the above, the id that the Retry gave out, and the address
 */
const timeBytes = 6;
const tagBytes = 8;
/** Of the address's text: IPv6 with a dotted quad at its end is 45 characters long. */
const hostBytesMax = 64;
/** Two lengths, so that no byte of one id can pass for one of the other, and the port. */
const messageBytesMax = 2 + timeBytes + 2 * connectionIdBytesMax + 2 + hostBytesMax;

/** A client answers a Retry at once; this leaves room for a few losses and no time for hoarding. */
export const retryTokenLifetimeMs = 10_000;

/**
 * Makes and checks the tokens by which a client proves that it receives at its address (RFC 9000
 * section 8.1.2), without keeping anything for it. The key lives as long as the object: a restart
 * only costs the clients that were between Retry and answer.
 *
 * A tag of 64 bits is guessed once in 2^64 packets, and would win no more than one packet's answer
 * to a forged address. It costs a tenth of what an HMAC by node:crypto does.
 */
export class RetryTokens {
  readonly #key = randomBytes(16);
  readonly #message = new Uint8Array(messageBytesMax);
  readonly #tag = new Int32Array(2);
  readonly #tagBytes = new Uint8Array(this.#tag.buffer);

  /**
   * @param originalId destination connection id of the client's first Initial
   * @param retryId the id that the Retry tells the client to use
   */
  issue(
    address: UdpAddress,
    originalId: Uint8Array,
    retryId: Uint8Array,
    nowMs: number,
  ): Uint8Array {
    const bodyBytes = timeBytes + originalId.length;
    const token = new Uint8Array(bodyBytes + tagBytes);
    writeTime(token, nowMs);
    token.set(originalId, timeBytes);
    this.#computeTag(token, bodyBytes, retryId, address);
    token.set(this.#tagBytes, bodyBytes);
    return token;
  }

  /** @returns the client's first destination connection id, or null for a token not to trust. */
  verify(
    token: Uint8Array,
    address: UdpAddress,
    retryId: Uint8Array,
    nowMs: number,
  ): Uint8Array | null {
    const bodyBytes = token.length - tagBytes;
    if (bodyBytes < timeBytes || bodyBytes > timeBytes + connectionIdBytesMax) return null;
    this.#computeTag(token, bodyBytes, retryId, address);
    // All of it is compared, so that the time taken tells nothing of where they differ.
    let difference = 0;
    for (let i = 0; i < tagBytes; i++) difference |= this.#tagBytes[i]! ^ token[bodyBytes + i]!;
    if (difference !== 0) return null;
    const ageMs = nowMs - readTime(token);
    if (ageMs < 0 || ageMs > retryTokenLifetimeMs) return null;
    return token.slice(timeBytes, bodyBytes);
  }

  #computeTag(
    token: Uint8Array,
    bodyBytes: number,
    retryId: Uint8Array,
    { host, port }: UdpAddress,
  ): void {
    const message = this.#message;
    message[0] = bodyBytes;
    message[1] = retryId.length;
    let at = 2;
    for (let i = 0; i < bodyBytes; i++) message[at++] = token[i]!;
    for (let i = 0; i < retryId.length; i++) message[at++] = retryId[i]!;
    message[at++] = port >>> 8;
    message[at++] = port;
    const hostBytes = Math.min(host.length, hostBytesMax);
    for (let i = 0; i < hostBytes; i++) message[at++] = host.charCodeAt(i);
    sipHash24(message, 0, at, this.#key, this.#tag);
  }
}

function writeTime(token: Uint8Array, nowMs: number): void {
  let rest = Math.floor(nowMs);
  for (let i = timeBytes - 1; i >= 0; i--) {
    token[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

function readTime(token: Uint8Array): number {
  let time = 0;
  for (let i = 0; i < timeBytes; i++) time = time * 256 + token[i]!;
  return time;
}
