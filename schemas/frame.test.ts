import { expect, test } from 'vitest';
import { encodeFrame, frameHeaderBytes, FrameReader } from './frame.js';
import type { Frame } from './frame.js';
import { ProtocolError } from './protocolError.js';
import { forEachFuzzCase, fuzzTimeoutMs } from './testing/fuzzCases.js';
import { mutateBytes } from './testing/mutate.js';
import { SeededRandom } from './testing/seededRandom.js';

const payloadBytesMax = 4_096;

function header(type: number, payloadBytes: number): Uint8Array {
  const bytes = Buffer.alloc(frameHeaderBytes);
  bytes.writeUInt8(type, 0);
  bytes.writeUInt32LE(payloadBytes, 1);
  return bytes;
}

/** Every frame that the reader has whole, copied because the chunk may go. */
function drain(reader: FrameReader): Frame[] {
  const frames: Frame[] = [];
  for (let frame = reader.next(); frame !== null; frame = reader.next()) {
    frames.push({ type: frame.type, payload: frame.payload.slice() });
  }
  return frames;
}

function sampleFrames(payloadBytes: readonly number[]): { frames: Frame[]; bytes: Uint8Array } {
  const random = new SeededRandom(1);
  const frames = payloadBytes.map((n, type) => ({ type, payload: random.bytes(n) }));
  const encoded = frames.map(({ type, payload }) => encodeFrame(type, payload));
  return { frames, bytes: new Uint8Array(Buffer.concat(encoded)) };
}

test('writes type, length and payload', () => {
  expect(encodeFrame(0xff, Uint8Array.of(7, 8))).toEqual(Uint8Array.of(0xff, 2, 0, 0, 0, 7, 8));
});

test('reads many frames of one chunk', () => {
  const { frames, bytes } = sampleFrames([0, 1, 300, 0, 4_096, 5]);
  const reader = new FrameReader(payloadBytesMax);
  reader.push(bytes);
  expect(drain(reader)).toEqual(frames);
});

test('gives a frame that lies whole in the chunk without a copy', () => {
  const { bytes } = sampleFrames([20, 30]);
  const reader = new FrameReader(payloadBytesMax);
  reader.push(bytes);
  expect(reader.next()!.payload.buffer).toBe(bytes.buffer);
  expect(reader.next()!.payload.buffer).toBe(bytes.buffer);
});

test('reads frames that come one byte at a time', () => {
  const { frames, bytes } = sampleFrames([0, 1, 300, 0, 4_096, 5]);
  const reader = new FrameReader(payloadBytesMax);
  const read: Frame[] = [];
  for (const byte of bytes) {
    reader.push(Uint8Array.of(byte));
    read.push(...drain(reader));
  }
  expect(read).toEqual(frames);
});

test('reads the same frames for every cut into three chunks', () => {
  const { frames, bytes } = sampleFrames([3, 0, 11, 1]);
  for (let first = 0; first <= bytes.length; first++) {
    for (let second = first; second <= bytes.length; second++) {
      const reader = new FrameReader(payloadBytesMax);
      const read: Frame[] = [];
      for (const [from, to] of [
        [0, first],
        [first, second],
        [second, bytes.length],
      ] as const) {
        // The caller's memory is used again after each chunk.
        const chunk = bytes.slice(from, to);
        reader.push(chunk);
        read.push(...drain(reader));
        chunk.fill(0xee);
      }
      expect(read, `cut at ${first} and ${second}`).toEqual(frames);
    }
  }
});

test('joins chunks that are pushed before the frames are read', () => {
  const { frames, bytes } = sampleFrames([9, 9, 9]);
  const reader = new FrameReader(payloadBytesMax);
  for (let at = 0; at < bytes.length; at += 4) reader.push(bytes.slice(at, at + 4));
  expect(drain(reader)).toEqual(frames);
});

test('goes on reading after a push in the middle of a chunk', () => {
  const { frames, bytes } = sampleFrames([9, 9, 9]);
  const reader = new FrameReader(payloadBytesMax);
  reader.push(bytes.slice(0, 35));
  const first = reader.next();
  reader.push(bytes.slice(35));
  expect([first, ...drain(reader)]).toEqual(frames);
});

test('takes the largest payload and refuses one byte more, before it comes', () => {
  const largest = new Uint8Array(payloadBytesMax);
  const reader = new FrameReader(payloadBytesMax);
  reader.push(encodeFrame(1, largest));
  expect(drain(reader)).toHaveLength(1);
  reader.push(header(1, payloadBytesMax + 1));
  expect(() => reader.next()).toThrow(expect.objectContaining({ code: 'oversized' }));
});

test('refuses a length of 2^32 − 1 that comes byte by byte', () => {
  const reader = new FrameReader(payloadBytesMax);
  for (const byte of header(1, 0xffffffff).subarray(0, 4)) {
    reader.push(Uint8Array.of(byte));
    expect(reader.next()).toBeNull();
  }
  reader.push(Uint8Array.of(0xff));
  expect(() => reader.next()).toThrow(ProtocolError);
});

test('gives nothing more after a refusal', () => {
  const reader = new FrameReader(payloadBytesMax);
  reader.push(header(1, payloadBytesMax + 1));
  expect(() => reader.next()).toThrow(ProtocolError);
  reader.push(encodeFrame(1, new Uint8Array(3)));
  expect(() => reader.next()).toThrow(ProtocolError);
});

test('reserves no more than twice what the peer sent of a frame', () => {
  const bytesMax = 8_388_608;
  const reader = new FrameReader(bytesMax);
  const before = process.memoryUsage().arrayBuffers;
  const readers = Array.from({ length: 64 }, () => {
    const one = new FrameReader(bytesMax);
    one.push(header(1, bytesMax));
    expect(one.next()).toBeNull();
    return one;
  });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(readers.length * 8_192);
  reader.push(encodeFrame(2, new Uint8Array(bytesMax)));
  expect(reader.next()!.payload).toHaveLength(bytesMax);
});

test(
  'reads what a reference reader reads, whatever is sent and however it is cut',
  { timeout: fuzzTimeoutMs() },
  () => {
    const { bytes } = sampleFrames([0, 7, 64, 3]);
    forEachFuzzCase((random) => {
      const stream = random.chance(0.2)
        ? random.bytes(random.below(64))
        : mutateBytes(random, bytes);
      const expected = readWhole(stream);
      const reader = new FrameReader(payloadBytesMax);
      let frames = 0;
      let oversized = false;
      for (let at = 0; at < stream.length && !oversized;) {
        const end = Math.min(stream.length, at + random.below(random.chance(0.2) ? 3 : 60));
        reader.push(stream.subarray(at, end));
        at = end;
        try {
          for (let frame = reader.next(); frame !== null; frame = reader.next()) {
            const { type, payload } = expected.frames[frames++]!;
            if (frame.type !== type || Buffer.compare(frame.payload, payload) !== 0) {
              throw new Error(`frame ${frames} differs`);
            }
          }
        } catch (error) {
          if (!(error instanceof ProtocolError) || error.code !== 'oversized') throw error;
          oversized = true;
        }
      }
      if (frames !== expected.frames.length) throw new Error(`${frames} frames`);
      if (oversized !== expected.oversized) throw new Error('oversized differs');
    });
  },
);

/** The same format read in the plainest way, from a stream that is all there. */
function readWhole(stream: Uint8Array): { frames: Frame[]; oversized: boolean } {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const frames: Frame[] = [];
  let at = 0;
  while (stream.length - at >= frameHeaderBytes) {
    const end = at + frameHeaderBytes + view.getUint32(at + 1, true);
    if (end - at - frameHeaderBytes > payloadBytesMax) return { frames, oversized: true };
    if (end > stream.length) break;
    frames.push({ type: stream[at]!, payload: stream.subarray(at + frameHeaderBytes, end) });
    at = end;
  }
  return { frames, oversized: false };
}
