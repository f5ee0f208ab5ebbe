/** One frame of QUIC as it stands in a packet (RFC 9000 section 19). */
export type QuicFrame = Uint8Array;

/** An integer of variable length (RFC 9000 section 16), below 2^53. */
export function variableInteger(value: number): Uint8Array {
  if (value < 0x40) return Uint8Array.of(value);
  if (value < 0x4000) return Uint8Array.of(0x40 | (value >>> 8), value);
  const bytes = Buffer.alloc(value < 0x4000_0000 ? 4 : 8);
  if (bytes.length === 4) bytes.writeUInt32BE((0x8000_0000 | value) >>> 0);
  else bytes.writeBigUInt64BE(0xc000_0000_0000_0000n | BigInt(value));
  return bytes;
}

export const padding = (bytes: number): QuicFrame => new Uint8Array(bytes);

export const pingFrame: QuicFrame = Uint8Array.of(0x01);

/** Acknowledges `count` packets up to the largest, all in one range. */
export function ackFrame(largest: number, count: number): QuicFrame {
  return frame([0x02, largest, 0, 0, count - 1]);
}

export function resetStreamFrame(stream: number, code: number, finalBytes: number): QuicFrame {
  return frame([0x04, stream, code, finalBytes]);
}

export function cryptoFrame(offset: number, bytes: Uint8Array): QuicFrame {
  return frame([0x06, offset, bytes.length], bytes);
}

/** With its length, so that others may follow. */
export function streamFrame(
  stream: number,
  offset: number,
  bytes: Uint8Array,
  fin = false,
): QuicFrame {
  return frame([fin ? 0x0f : 0x0e, stream, offset, bytes.length], bytes);
}

export function maxDataFrame(bytes: number): QuicFrame {
  return frame([0x10, bytes]);
}

export function maxStreamDataFrame(stream: number, bytes: number): QuicFrame {
  return frame([0x11, stream, bytes]);
}

/** @param id 1 to 20 bytes */
export function newConnectionIdFrame(
  sequence: number,
  retirePriorTo: number,
  id: Uint8Array,
  resetToken: Uint8Array,
): QuicFrame {
  return frame([0x18, sequence, retirePriorTo, id.length], id, resetToken);
}

export function retireConnectionIdFrame(sequence: number): QuicFrame {
  return frame([0x19, sequence]);
}

/** @param data 8 bytes */
export function pathChallengeFrame(data: Uint8Array): QuicFrame {
  return frame([0x1a], data);
}

function frame(integers: readonly number[], ...rest: readonly Uint8Array[]): QuicFrame {
  return Buffer.concat([...integers.map(variableInteger), ...rest]);
}
