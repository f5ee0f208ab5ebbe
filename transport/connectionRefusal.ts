import { createCipheriv, createHmac } from 'node:crypto';
import { closeCode } from './closeReason.js';
import { quicVersion1 } from './packetHeader.js';

/** RFC 9001 section 5.2. */
const initialSalt = Buffer.from('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'hex');

const tagBytes = 16;
const packetNumberBytes = 1;
/** The header protection's sample begins where a packet number of four bytes would end. */
const sampleOffset = 4;
/** RFC 9000 section 19.19: of QUIC itself, not of the application. */
const connectionCloseFrame = 0x1c;

/** What an endpoint protects its Initial packets with. */
export interface InitialKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly headerProtection: Uint8Array;
}

/**
 * The keys of a server's Initial packets (RFC 9001 section 5.2).
 *
 * @param destinationId of the client's Initial that is answered
 */
export function serverInitialKeys(destinationId: Uint8Array): InitialKeys {
  const initialSecret = createHmac('sha256', initialSalt).update(destinationId).digest();
  const secret = expandLabel(initialSecret, 'server in', 32);
  return {
    key: expandLabel(secret, 'quic key', 16),
    iv: expandLabel(secret, 'quic iv', 12),
    headerProtection: expandLabel(secret, 'quic hp', 16),
  };
}

/**
 * Writes the packet that refuses a connection (RFC 9000 section 5.2.2): an Initial with nothing but
 * CONNECTION_REFUSED. It keeps and needs no state of a connection.
 *
 * @param out at least 128 bytes
 * @param destinationId of the client's Initial; the server's id from here on
 * @param clientId the client's own id
 * @returns its length
 */
export function writeConnectionRefusal(
  out: Uint8Array,
  destinationId: Uint8Array,
  clientId: Uint8Array,
): number {
  const { key, iv, headerProtection } = serverInitialKeys(destinationId);
  // Code, type of the frame that is to blame (none), length of the reason: each below 64, and so
  // one byte.
  const frame = Uint8Array.of(connectionCloseFrame, closeCode.connectionRefused, 0, 0);
  const packetNumberAt = writeHeader(out, destinationId, clientId, frame.length);
  const payloadAt = packetNumberAt + packetNumberBytes;
  // The packet number is 0, so that the nonce is the IV itself.
  const seal = createCipheriv('aes-128-gcm', key, iv);
  seal.setAAD(out.subarray(0, payloadAt));
  out.set(seal.update(frame), payloadAt);
  seal.final();
  out.set(seal.getAuthTag(), payloadAt + frame.length);
  const sampleAt = packetNumberAt + sampleOffset;
  const mask = createCipheriv('aes-128-ecb', headerProtection, null).update(
    out.subarray(sampleAt, sampleAt + tagBytes),
  );
  // RFC 9001 section 5.4.1: four bits of a long header's first byte.
  out[0]! ^= mask[0]! & 0x0f;
  out[packetNumberAt]! ^= mask[1]!;
  return payloadAt + frame.length + tagBytes;
}

/** RFC 9000 section 17.2.2. @returns where the packet number is */
function writeHeader(
  out: Uint8Array,
  serverId: Uint8Array,
  clientId: Uint8Array,
  frameBytes: number,
): number {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  // Long header, fixed bit, Initial, a packet number of one byte.
  out[0] = 0xc0;
  view.setUint32(1, quicVersion1);
  let at = 5;
  for (const id of [clientId, serverId]) {
    out[at++] = id.length;
    out.set(id, at);
    at += id.length;
  }
  // No token, and the length as an integer of one byte.
  out[at++] = 0;
  out[at++] = packetNumberBytes + frameBytes + tagBytes;
  out[at] = 0;
  return at;
}

/** HKDF-Expand-Label without context (RFC 8446 section 7.1), for at most one block of the hash. */
function expandLabel(secret: Uint8Array, label: string, length: number): Uint8Array {
  const fullLabel = Buffer.from(`tls13 ${label}`);
  const info = Buffer.from([0, length, fullLabel.length, ...fullLabel, 0, 1]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, length);
}
