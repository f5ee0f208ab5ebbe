import { describe, expect, test } from 'vitest';
import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import { Payload } from '../generated/rookery/payload.js';
import { decodeMessage, encodeMessage } from '../messageCodec.js';
import { rootRoomId, unchangedRoom } from '../protocol.js';
import { handmade } from '../testing/handmadeMessage.js';

const nothing = { type: FrameType.EditRoom, roomId: rootRoomId, ...unchangedRoom } as const;

describe('EditRoom', () => {
  test('leaves everything as it is where nothing is said', () => {
    const payload = handmade(Payload.EditRoom, (builder) => {
      const roomId = builder.createByteVector(new Uint8Array(16));
      tables.EditRoom.startEditRoom(builder);
      tables.EditRoom.addRoomId(builder, roomId);
      return tables.EditRoom.endEditRoom(builder);
    });
    expect(decodeMessage(FrameType.EditRoom, payload).message).toEqual(nothing);
  });

  test.each([0, 5, 30, 80, 255])('frames are not %i ms', (frameMs) => {
    const payload = handmade(Payload.EditRoom, (builder) => {
      const roomId = builder.createByteVector(new Uint8Array(16));
      tables.EditRoom.startEditRoom(builder);
      tables.EditRoom.addRoomId(builder, roomId);
      tables.EditRoom.addFrameMs(builder, frameMs);
      return tables.EditRoom.endEditRoom(builder);
    });
    const reason = `frameMs is ${frameMs}, not one of 10, 20, 40, 60`;
    expect(() => decodeMessage(FrameType.EditRoom, payload)).toThrow(reason);
    expect(() => encodeMessage({ ...nothing, frameMs })).toThrow(reason);
  });

  test('has a description of at most 1,024 bytes', () => {
    const longest = 'ä'.repeat(512);
    expect(encodeMessage({ ...nothing, description: longest }).length).toBeGreaterThan(1_024);
    const reason = 'description has 1025 bytes, at most 1024';
    expect(() => encodeMessage({ ...nothing, description: `${longest}.` })).toThrow(reason);
  });

  test.each(['position', 'userLimit', 'keepDays'] as const)('has a %s of 16 bits', (field) => {
    for (const value of [-1, 65_536, 0.5]) {
      expect(() => encodeMessage({ ...nothing, [field]: value })).toThrow(`${field} is ${value}`);
    }
  });

  test('keeps up to 2^32 − 1 messages', () => {
    const keepMessages = 2 ** 32 - 1;
    const payload = encodeMessage({ ...nothing, keepMessages });
    expect(payload.length).toBeGreaterThan(encodeMessage(nothing).length);
    expect(() => encodeMessage({ ...nothing, keepMessages: keepMessages + 1 })).toThrow(
      'keepMessages is 4294967296',
    );
  });
});
