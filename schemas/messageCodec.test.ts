import { ByteBuffer } from 'flatbuffers';
import { describe, expect, test } from 'vitest';
import { FrameReader, frameHeaderBytes } from './frame.js';
import { FrameType } from './frameType.js';
import { Envelope } from './generated/rookery/envelope.js';
import { Payload } from './generated/rookery/payload.js';
import { decodeMessage, encodeMessage } from './messageCodec.js';
import type { Message } from './messages.js';
import { framePayloadBytesMax } from './protocol.js';
import { sampleMessages } from './testing/sampleMessages.js';

const stateHash = Uint8Array.from({ length: 32 }, (_, i) => 255 - i);

function encodePayload(message: Message): Uint8Array {
  return encodeMessage(message).subarray(frameHeaderBytes);
}

describe.each(Object.entries(FrameType))('%s', (_name, type) => {
  const samples: readonly Message[] = sampleMessages[type];

  test('comes back as it was sent', () => {
    for (const message of samples) {
      const reader = new FrameReader(framePayloadBytesMax.fromServer);
      reader.push(encodeMessage(message));
      const frame = reader.next()!;
      expect(frame.type).toBe(type);
      expect(decodeMessage(type, frame.payload)).toEqual({
        message,
        requestId: 0,
        stateHash: null,
      });
      expect(reader.next()).toBeNull();
    }
  });

  test('carries a request id and a state hash', () => {
    for (const message of samples) {
      const frame = encodeMessage(message, 0xffffffff, stateHash);
      expect(decodeMessage(type, frame.subarray(frameHeaderBytes))).toEqual({
        message,
        requestId: 0xffffffff,
        stateHash,
      });
    }
  });

  test('is refused under the type of any other message', () => {
    const payload = encodePayload(samples[0]!);
    for (const other of Object.values(FrameType)) {
      if (other === type) continue;
      expect(() => decodeMessage(other, payload)).toThrow(
        expect.objectContaining({ code: 'typeMismatch' }),
      );
    }
  });
});

test('each member of the union belongs to one message', () => {
  const used = Object.values(sampleMessages).map(([message]) => {
    const buffer = new ByteBuffer(encodePayload(message));
    return Envelope.getRootAsEnvelope(buffer).payloadType();
  });
  const members = Object.values(Payload).filter((value) => typeof value === 'number');
  expect([Payload.NONE, ...used].toSorted((a, b) => a - b)).toEqual(members);
});

test('refuses a type that no message has', () => {
  const payload = encodePayload(sampleMessages[FrameType.Ping][0]);
  for (const type of [0x09, 0x8f, 0xe0, 0xfe, 256, -1]) {
    expect(() => decodeMessage(type, payload)).toThrow(
      expect.objectContaining({ code: 'unknownType' }),
    );
  }
});
