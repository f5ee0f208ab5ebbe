import { createHmac } from 'node:crypto';
import { closeCode } from './closeReason.js';
import { quicVersion1 } from './packetHeader.js';
import { expandLabel, packetKeys, sealPacket, type PacketKeys } from './packetProtection.js';

/** RFC 9001 section 5.2. */
const initialSalt = Buffer.from('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'hex');

const tagBytes = 16;
const packetNumberBytes = 1;
/** RFC 9000 section 19.19: of QUIC itself, not of the application. */
const connectionCloseFrame = 0x1c;

/**
 * The keys of a server's Initial packets (RFC 9001 section 5.2).
 *
 * @param destinationId of the client's Initial that is answered
 */
export function serverInitialKeys(destinationId: Uint8Array): PacketKeys {
  const initialSecret = createHmac('sha256', initialSalt).update(destinationId).digest();
  return packetKeys(expandLabel(initialSecret, 'server in', 32));
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
  // Code, type of the frame that is to blame (none), length of the reason: each below 64, and so
  // one byte.
  const frame = Uint8Array.of(connectionCloseFrame, closeCode.connectionRefused, 0, 0);
  const packetNumberAt = writeHeader(out, destinationId, clientId, frame.length);
  return sealPacket(out, packetNumberAt, 0, frame, serverInitialKeys(destinationId));
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
  return at;
}
