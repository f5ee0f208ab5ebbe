import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { connectionIdBytesMax } from './packetHeader.js';
import type { UdpAddress } from './udpSocket.js';

/*
 * TOKEN
 *   0   u48  time of issue, milliseconds on the endpoint's clock, big-endian
 *   6   …    the client's first destination connection id, 0 … 20 bytes
 *   …   [16] HMAC-SHA256 over the above, the address, and the id that the Retry gave out
 */
const timeBytes = 6;
const macBytes = 16;

/** A client answers a Retry at once; this leaves room for a few losses and no time for hoarding. */
export const retryTokenLifetimeMs = 10_000;

/**
 * Makes and checks the tokens by which a client proves that it receives at its address (RFC 9000
 * section 8.1.2), without keeping anything for it. The key lives as long as the object: a restart
 * only costs the clients that were between Retry and answer.
 */
export class RetryTokens {
  readonly #key = randomBytes(32);

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
    const token = Buffer.alloc(timeBytes + originalId.length + macBytes);
    token.writeUIntBE(Math.floor(nowMs), 0, timeBytes);
    token.set(originalId, timeBytes);
    const body = token.subarray(0, timeBytes + originalId.length);
    token.set(this.#mac(body, address, retryId), body.length);
    return token;
  }

  /** @returns the client's first destination connection id, or null for a token not to trust. */
  verify(
    token: Uint8Array,
    address: UdpAddress,
    retryId: Uint8Array,
    nowMs: number,
  ): Uint8Array | null {
    const originalIdBytes = token.length - timeBytes - macBytes;
    if (originalIdBytes < 0 || originalIdBytes > connectionIdBytesMax) return null;
    const body = token.subarray(0, timeBytes + originalIdBytes);
    const mac = token.subarray(body.length);
    if (!timingSafeEqual(mac, this.#mac(body, address, retryId))) return null;
    const issuedAtMs = Buffer.from(body.buffer, body.byteOffset, timeBytes).readUIntBE(
      0,
      timeBytes,
    );
    const ageMs = nowMs - issuedAtMs;
    if (ageMs < 0 || ageMs > retryTokenLifetimeMs) return null;
    return body.slice(timeBytes);
  }

  #mac(body: Uint8Array, address: UdpAddress, retryId: Uint8Array): Uint8Array {
    return createHmac('sha256', this.#key)
      .update(body)
      .update(retryId)
      .update(`${address.host} ${address.port}`)
      .digest()
      .subarray(0, macBytes);
  }
}
