import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { frameHeaderBytes } from './frame.js';
import { FrameType } from './frameType.js';
import { Envelope } from './generated/rookery/envelope.js';
import { decodeMessage, encodeMessage, messageCodecs } from './messageCodec.js';
import type { Message, ReceivedMessage } from './messages.js';
import { ProtocolError } from './protocolError.js';
import { BoundedByteBuffer } from './testing/boundedByteBuffer.js';
import { forEachFuzzCase, fuzzTimeoutMs } from './testing/fuzzCases.js';
import { mutateBytes } from './testing/mutate.js';
import { sampleMessages } from './testing/sampleMessages.js';
import type { SeededRandom } from './testing/seededRandom.js';

/** Characters, bytes and values of a decoded message may be this many for each byte received. */
const decodedPerByteMax = 4;

/** Of each type of message: over a million together. */
const casesOfType = 10_000;

function encodePayloads(type: FrameType): Uint8Array[] {
  return sampleMessages[type].flatMap((message: Message) => [
    encodeMessage(message).subarray(frameHeaderBytes),
    encodeMessage(message, 77, new Uint8Array(32).fill(7)).subarray(frameHeaderBytes),
  ]);
}

/** Mostly damaged messages, a few that are noise from the start or behind a sound header. */
function damage(random: SeededRandom, payloads: readonly Uint8Array[]): Uint8Array {
  const payload = payloads[random.below(payloads.length)]!;
  if (random.chance(0.95)) return mutateBytes(random, payload);
  const noise = random.bytes(random.below(256));
  if (random.chance(0.5)) noise.set(payload.subarray(0, Math.min(8, noise.length)));
  return noise;
}

/** @returns what the bytes decode to, or why they do not; any other error is thrown on */
function decode(type: FrameType, payload: Uint8Array): ReceivedMessage | ProtocolError {
  try {
    return decodeMessage(type, payload);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

/** Reads what the verifier let pass; a read outside the buffer throws RangeError. */
function readBounded(type: FrameType, payload: Uint8Array): void {
  try {
    messageCodecs[type].read(Envelope.getRootAsEnvelope(new BoundedByteBuffer(payload)));
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + sizeOf(inner), 0);
}

function checkAccepted(received: ReceivedMessage, payload: Uint8Array): void {
  if (sizeOf(received) > decodedPerByteMax * payload.length) {
    throw new Error(`${payload.length} bytes became ${sizeOf(received)}`);
  }
  const { message, requestId, stateHash } = received;
  const again = encodeMessage(message, requestId, stateHash).subarray(frameHeaderBytes);
  if (!isDeepStrictEqual(decodeMessage(message.type, again), received)) {
    throw new Error('differs after encoding and decoding again');
  }
}

describe.each(Object.entries(FrameType))('%s', (_name, type) => {
  const payloads = encodePayloads(type);

  test('is refused, or the same, when cut anywhere', () => {
    for (const payload of payloads) {
      const whole = decodeMessage(type, payload);
      for (let length = 0; length < payload.length; length++) {
        const result = decode(type, payload.slice(0, length));
        if (!(result instanceof ProtocolError)) expect(result).toEqual(whole);
      }
    }
  });

  test('is refused, or sound, when damaged', { timeout: fuzzTimeoutMs() }, () => {
    const outcomes = { accepted: 0, refused: 0 };
    forEachFuzzCase((random) => {
      const payload = damage(random, payloads);
      const result = decode(type, payload);
      const isRefused = result instanceof ProtocolError;
      outcomes[isRefused ? 'refused' : 'accepted']++;
      if (!isRefused) checkAccepted(result, payload);
      if (!isRefused || result.code === 'invalidField') readBounded(type, payload);
    }, casesOfType);
    expect(outcomes.accepted).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });
});
