import { ByteBuffer } from 'flatbuffers';
import type { Offset, Builder } from 'flatbuffers';
import { describe, expect, test } from 'vitest';
import { frameHeaderBytes } from '../frame.js';
import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import { decodeMessage, encodeMessage } from '../messageCodec.js';
import type { Message } from '../messages.js';
import { defaultBundleWindowMs, fieldLimits, rootRoomId } from '../protocol.js';
import { expectInvalid, handmade } from '../testing/handmadeMessage.js';
import { sampleMessages } from '../testing/sampleMessages.js';

const { Payload } = tables;

function roundTrip(message: Message): Message {
  const payload = encodeMessage(message).subarray(frameHeaderBytes);
  return decodeMessage(message.type, payload).message;
}

describe('a message whose table is empty', () => {
  const emptyTable = (builder: Builder): Offset => {
    builder.startObject(0);
    return builder.endObject();
  };

  test.each([
    ['Hello', 'clientName is missing'],
    ['HelloAck', 'serverName is missing'],
    ['Auth', 'publicKey is missing'],
    ['AuthOk', 'userId is missing'],
    ['ResumeTicket', 'ticket is missing'],
    ['AuthFailed', 'message is missing'],
    ['Goodbye', 'message is missing'],
    ['SendMessage', 'roomId is missing'],
    ['JoinRoom', 'roomId is missing'],
    ['CreateRoom', 'parentId is missing'],
    ['RenameRoom', 'roomId is missing'],
    ['DeleteRoom', 'roomId is missing'],
    ['RoomMessage', 'messageId is missing'],
    ['ReadHistory', 'roomId is missing'],
    ['HistoryPage', 'roomId is missing'],
    ['RoomKey', 'roomId is missing'],
    ['SetRoomVoice', 'roomId is missing'],
    ['MoveRoom', 'roomId is missing'],
    ['EditRoom', 'roomId is missing'],
    ['MembersEnd', 'roomId is missing'],
    ['OwnSession', 'session is missing'],
    ['WhisperReady', 'key is missing'],
    ['WhisperKey', 'key is missing'],
    ['Error', 'message is missing'],
  ] as const)('%s: %s', (name, reason) => {
    expectInvalid(FrameType[name], handmade(Payload[name], emptyTable), reason);
  });

  test.each([
    ['Ping', { nonce: 0 }],
    ['Pong', { nonce: 0 }],
    ['Throttle', { frameType: 0, retryAfterMs: 0 }],
    ['CommandDone', { createdId: null, listId: 0 }],
    ['RegisterWhisper', { sessionTokens: [], roomIds: [], withChildren: false, userIds: [] }],
    ['RemoveWhisper', { listId: 0 }],
    ['LeaveRoom', {}],
    ['SetSelfState', { muted: false, deafened: false }],
    ['RoomInit', { rooms: [], memberCounts: [] }],
    ['StateUpdate', { changes: [] }],
    ['RoomMembers', { roomId: null, members: [] }],
    ['MembersUpdate', { roomId: null, changes: [] }],
    ['Presence', { everybody: false }],
    ['Subscribe', { roomIds: [] }],
    ['Resync', { part: tables.ViewPart.Tree, roomId: null }],
  ] as const)('%s has its defaults', (name, defaults) => {
    const { message } = decodeMessage(FrameType[name], handmade(Payload[name], emptyTable));
    expect(message).toEqual({ type: FrameType[name], ...defaults });
  });
});

describe('ids and keys', () => {
  test.each([0, 15, 17, 32])('an id must not have %i bytes', (length) => {
    const payload = handmade(Payload.JoinRoom, (builder) =>
      tables.JoinRoom.createJoinRoom(builder, builder.createByteVector(new Uint8Array(length))),
    );
    expectInvalid(FrameType.JoinRoom, payload, `roomId has ${length} bytes, not 16`);
  });

  test('an id that may be absent must be whole when it is there', () => {
    const payload = handmade(Payload.CommandDone, (builder) =>
      tables.CommandDone.createCommandDone(builder, builder.createByteVector(new Uint8Array(3)), 0),
    );
    expectInvalid(FrameType.CommandDone, payload, 'createdId has 3 bytes, not 16');
  });

  test.each([31, 33])('a room key must not have %i bytes', (length) => {
    const payload = handmade(Payload.RoomKey, (builder) =>
      tables.RoomKey.createRoomKey(
        builder,
        builder.createByteVector(new Uint8Array(16)),
        0,
        builder.createByteVector(new Uint8Array(length)),
        0,
      ),
    );
    expectInvalid(FrameType.RoomKey, payload, `key has ${length} bytes, not 32`);
  });

  test('a signature has 64 bytes, a hop key 16, a state hash 32', () => {
    const auth = sampleMessages[FrameType.Auth][0];
    const authOk = sampleMessages[FrameType.AuthOk][0];
    const ping = sampleMessages[FrameType.Ping][0];
    const short = new Uint8Array(15);
    expect(() => encodeMessage({ ...auth, signature: short })).toThrow('15 bytes, not 64');
    expect(() => encodeMessage({ ...authOk, hopKey: short })).toThrow('15 bytes, not 16');
    expect(() => encodeMessage(ping, 0, short)).toThrow('stateHash has 15 bytes, not 32');
  });

  test('are copies that keep nothing of the frame in memory', () => {
    const roomKey = roundTrip(sampleMessages[FrameType.RoomKey][0]) as { key: Uint8Array };
    expect(roomKey.key.buffer.byteLength).toBe(32);
    const auth = roundTrip(sampleMessages[FrameType.Auth][0]) as { signature: Uint8Array };
    expect(auth.signature.buffer.byteLength).toBe(64);
    const frame = encodeMessage({ type: FrameType.LeaveRoom }, 0, new Uint8Array(32));
    const { stateHash } = decodeMessage(FrameType.LeaveRoom, frame.subarray(frameHeaderBytes));
    expect(stateHash!.buffer.byteLength).toBe(32);
  });
});

describe('text', () => {
  const error = (bytes: Uint8Array): Uint8Array =>
    handmade(Payload.Error, (builder) =>
      tables.Error.createError(builder, tables.ErrorCode.Internal, builder.createString(bytes)),
    );

  test.each([
    ['a stray continuation byte', [0x61, 0x80]],
    ['a cut sequence', [0xe2, 0x82]],
    ['an overlong form', [0xc0, 0xaf]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
  ])('must be UTF-8: %s', (_what, bytes) => {
    expectInvalid(FrameType.Error, error(Uint8Array.from(bytes)), 'message is not UTF-8');
  });

  test('keeps a byte order mark and NUL', () => {
    const { message } = decodeMessage(FrameType.Error, error(Buffer.from('\ufeffa\0b')));
    expect(message).toHaveProperty('message', '\ufeffa\0b');
  });

  test.each([
    [sampleMessages[FrameType.Hello][0], 'clientName', fieldLimits.clientNameBytesMax],
    [sampleMessages[FrameType.HelloAck][0], 'serverName', fieldLimits.serverNameBytesMax],
    [sampleMessages[FrameType.Auth][0], 'displayName', fieldLimits.displayNameBytesMax],
    [sampleMessages[FrameType.Auth][0], 'password', fieldLimits.passwordBytesMax],
    [sampleMessages[FrameType.AuthFailed][0], 'message', fieldLimits.noteBytesMax],
    [sampleMessages[FrameType.Goodbye][0], 'message', fieldLimits.noteBytesMax],
    [sampleMessages[FrameType.Error][0], 'message', fieldLimits.noteBytesMax],
    [sampleMessages[FrameType.SendMessage][0], 'text', fieldLimits.textBytesMax],
    [sampleMessages[FrameType.CreateRoom][0], 'name', fieldLimits.roomNameBytesMax],
    [sampleMessages[FrameType.RenameRoom][0], 'name', fieldLimits.roomNameBytesMax],
    [sampleMessages[FrameType.RoomMessage][0], 'displayName', fieldLimits.displayNameBytesMax],
    [sampleMessages[FrameType.RoomMessage][0], 'text', fieldLimits.textBytesMax],
  ] as const)('has its limit in bytes of UTF-8 (%o %s %i)', (sample, name, bytesMax) => {
    const longest = 'x'.repeat(bytesMax - 2) + '\u00e9';
    expect(roundTrip({ ...sample, [name]: longest })).toHaveProperty(name, longest);
    expect(() => encodeMessage({ ...sample, [name]: `${longest}x` })).toThrow(RangeError);
  });

  test('above its limit is refused when it comes', () => {
    const payload = error(Buffer.alloc(fieldLimits.noteBytesMax + 1, 'x'));
    expectInvalid(FrameType.Error, payload, 'message has 1025 bytes, at most 1024');
  });

  test('with half a surrogate pair is not sent', () => {
    const sample = sampleMessages[FrameType.SendMessage][0];
    expect(() => encodeMessage({ ...sample, text: 'a\ud83d' })).toThrow('half a surrogate pair');
  });
});

describe('numbers', () => {
  const roomMessageAt = (sentAtMs: bigint): Uint8Array =>
    handmade(Payload.RoomMessage, (builder) => {
      const id = (): Offset => builder.createByteVector(new Uint8Array(16));
      const text = (): Offset => builder.createString('');
      return tables.RoomMessage.createRoomMessage(
        builder,
        id(),
        id(),
        id(),
        text(),
        text(),
        sentAtMs,
        id(),
        0,
        0,
        0,
        0n,
        false,
        0,
      );
    });

  test('of 64 bits end at 2^53 − 1', () => {
    const largest = BigInt(Number.MAX_SAFE_INTEGER);
    const { message } = decodeMessage(FrameType.RoomMessage, roomMessageAt(largest));
    expect(message).toHaveProperty('sentAtMs', Number.MAX_SAFE_INTEGER);
    for (const tooLarge of [largest + 1n, largest + 2n, 2n ** 64n - 1n]) {
      expect(() => decodeMessage(FrameType.RoomMessage, roomMessageAt(tooLarge))).toThrow(
        /^sentAtMs is/,
      );
    }
  });

  test.each([
    ['AuthFailed', 120],
    ['Goodbye', 120],
    ['Error', 999],
  ] as const)('an enum of %s must mean something, %i does not', (name, value) => {
    const payload = handmade(Payload[name], (builder) => {
      const text = builder.createString('');
      builder.startObject(2);
      if (name === 'Error') builder.addFieldInt16(0, value, 0);
      else builder.addFieldInt8(0, value, 0);
      builder.addFieldOffset(1, text, 0);
      return builder.endObject();
    });
    expect(() => decodeMessage(FrameType[name], payload)).toThrow(/is \d+, which means nothing$/);
  });

  test('a port of 0 is none', () => {
    const payload = handmade(Payload.AuthOk, (builder) => {
      const id = builder.createByteVector(new Uint8Array(16));
      const key = builder.createByteVector(new Uint8Array(16));
      return tables.AuthOk.createAuthOk(builder, id, 1, key, 0, false);
    });
    expectInvalid(FrameType.AuthOk, payload, 'voicePort is 0, not a whole number from 1 to 65535');
  });

  test.each([-1, 2 ** 32, 1.5, Number.NaN])('%d is not sent in 32 bits', (nonce) => {
    expect(() => encodeMessage({ type: FrameType.Ping, nonce })).toThrow(RangeError);
    expect(() => encodeMessage({ type: FrameType.LeaveRoom }, nonce)).toThrow('requestId');
  });
});

describe('lists', () => {
  const hello = sampleMessages[FrameType.Hello][0];
  const feature = 'f'.repeat(fieldLimits.featureBytesMax);

  test('end at their limit', () => {
    const features = new Array<string>(fieldLimits.featuresMax).fill(feature);
    expect(roundTrip({ ...hello, features })).toEqual({ ...hello, features });
    expect(() => encodeMessage({ ...hello, features: [...features, ''] })).toThrow('at most 32');
    expect(() => encodeMessage({ ...hello, features: [`${feature}f`] })).toThrow('at most 32');
  });

  test('above their limit are refused when they come', () => {
    const payload = handmade(Payload.StateUpdate, (builder) => {
      const changes = Array.from({ length: fieldLimits.listMax + 1 }, () => {
        tables.Change.startChange(builder);
        tables.Change.addKind(builder, tables.ChangeKind.SessionRemoved);
        return tables.Change.endChange(builder);
      });
      const vector = tables.StateUpdate.createChangesVector(builder, changes);
      return tables.StateUpdate.createStateUpdate(builder, vector);
    });
    expectInvalid(
      FrameType.StateUpdate,
      payload,
      `changes has ${fieldLimits.listMax + 1} elements, at most ${fieldLimits.listMax}`,
    );
  });
});

describe('a whisper list', () => {
  const sample = sampleMessages[FrameType.RegisterWhisper][0];
  const { whisperSessionsMax, whisperRoomsMax, whisperUsersMax } = fieldLimits;

  function naming(sessions: number, roomIdBytes: number, userIdBytes: number): Uint8Array {
    return handmade(Payload.RegisterWhisper, (builder) =>
      tables.RegisterWhisper.createRegisterWhisper(
        builder,
        tables.RegisterWhisper.createSessionTokensVector(builder, new Uint32Array(sessions)),
        builder.createByteVector(new Uint8Array(roomIdBytes)),
        false,
        builder.createByteVector(new Uint8Array(userIdBytes)),
      ),
    );
  }

  test('names as many sessions, rooms and users as it may', () => {
    const longest = {
      ...sample,
      sessionTokens: Array.from({ length: whisperSessionsMax }, (_, i) => i),
      roomIds: new Array<string>(whisperRoomsMax).fill(rootRoomId),
      userIds: new Array<string>(whisperUsersMax).fill(rootRoomId),
    };
    expect(roundTrip(longest)).toEqual(longest);
    const tooMany = { ...longest, roomIds: [...longest.roomIds, rootRoomId] };
    expect(() => encodeMessage(tooMany)).toThrow('roomIds has 33 elements, at most 32');
  });

  test.each([
    [whisperSessionsMax + 1, 0, 0, 'sessionTokens has 129 elements, at most 128'],
    [0, 16 * (whisperRoomsMax + 1), 0, 'roomIds has 33 elements, at most 32'],
    [0, 31, 0, 'roomIds has 31 bytes, no whole ids'],
    [0, 0, 16 * (whisperUsersMax + 1), 'userIds has 65 elements, at most 64'],
  ])('with %i sessions, %i bytes of rooms, %i of users: %s', (sessions, rooms, users, reason) => {
    expectInvalid(FrameType.RegisterWhisper, naming(sessions, rooms, users), reason);
  });
});

describe("a room's bundle window", () => {
  const sample = sampleMessages[FrameType.SetRoomVoice][0];

  test.each([21, 254])('is not %i ms', (bundleWindowMs) => {
    const payload = handmade(Payload.SetRoomVoice, (builder) => {
      const roomId = builder.createByteVector(new Uint8Array(16));
      return tables.SetRoomVoice.createSetRoomVoice(builder, roomId, 0, bundleWindowMs, 48_000);
    });
    const reason = `bundleWindowMs is ${bundleWindowMs}, not a whole number from 0 to 20`;
    expectInvalid(FrameType.SetRoomVoice, payload, reason);
    expect(() => encodeMessage({ ...sample, bundleWindowMs })).toThrow(reason);
  });

  test("is the server's own, as its bitrate is the usual one, where nothing is said", () => {
    const payload = handmade(Payload.SetRoomVoice, (builder) => {
      const roomId = builder.createByteVector(new Uint8Array(16));
      tables.SetRoomVoice.startSetRoomVoice(builder);
      tables.SetRoomVoice.addRoomId(builder, roomId);
      return tables.SetRoomVoice.endSetRoomVoice(builder);
    });
    expect(decodeMessage(FrameType.SetRoomVoice, payload).message).toEqual({
      type: FrameType.SetRoomVoice,
      roomId: rootRoomId,
      speakersMax: 0,
      bundleWindowMs: defaultBundleWindowMs,
      bitrate: 48_000,
    });
  });
});

describe("a room's bitrate", () => {
  const sample = sampleMessages[FrameType.SetRoomVoice][0];

  test.each([0, 5_999, 440_001])('is not %i b/s', (bitrate) => {
    const payload = handmade(Payload.SetRoomVoice, (builder) => {
      const roomId = builder.createByteVector(new Uint8Array(16));
      return tables.SetRoomVoice.createSetRoomVoice(builder, roomId, 0, 255, bitrate);
    });
    const reason = `bitrate is ${bitrate}, not a whole number from 6000 to 440000`;
    expectInvalid(FrameType.SetRoomVoice, payload, reason);
    expect(() => encodeMessage({ ...sample, bitrate })).toThrow(reason);
  });
});

test('generated accessors find what the codec wrote', () => {
  const sample = sampleMessages[FrameType.RoomInit][0];
  const frame = encodeMessage(sample, 9);
  const buffer = new ByteBuffer(frame.subarray(frameHeaderBytes));
  expect(tables.Envelope.bufferHasIdentifier(buffer)).toBe(true);
  const envelope = tables.Envelope.getRootAsEnvelope(buffer);
  expect(envelope.requestId()).toBe(9);
  expect(envelope.stateHashArray()).toBeNull();
  const table = envelope.payload(new tables.RoomInit()) as tables.RoomInit;
  expect(table.roomsLength()).toBe(2);
  expect(table.rooms(0)!.parentIdArray()).toBeNull();
  expect(table.rooms(1)!.name()).toBe(sample.rooms[1]!.name);
  expect(table.rooms(1)!.parentIdArray()).toEqual(new Uint8Array(16));
  expect(table.memberCounts(1)).toBe(0xffffffff);
});

test('refuses an id that is not in the lower-case form', () => {
  const message: Message = { type: FrameType.JoinRoom, roomId: rootRoomId.replace('0', 'A') };
  expect(() => encodeMessage(message)).toThrow(RangeError);
});
