import assert from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import { defaultRoomProperties, defaultRoomVoice, rootRoomId } from '@rookery/schemas/protocol';
import { RoomType } from '@rookery/schemas/generated/rookery/room-type';
import { forEachFuzzCase } from '@rookery/schemas/testing/fuzzCases';
import { newUuid } from '@rookery/schemas/uuid';
import { ServerError } from '../errors.js';
import { deskRecords, type RecordKind } from '../testing/deskRecords.js';
import { decodeStoredMessage, encodeStoredMessage } from './messageRecord.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import { decodePins, pinsWrite } from './pins.js';
import { decodeOwnReactions, ownReactionsWrite } from './reactions.js';
import { decodeLink, linkRecord } from './roomLinks.js';
import { decodeRoom, encodeRoom } from './roomRecord.js';
import { decodeTalk, decodeTalkType, encodeTalk, encodeTalkType } from './talkRecord.js';
import { decodeUser, encodeUser } from './userRecord.js';

const [one, two] = [newUuid(), newUuid()];
const room = {
  ...{ roomId: one, parentId: rootRoomId, name: 'Café' },
  ...defaultRoomVoice,
  ...defaultRoomProperties,
};
const properties = {
  description: 'Every evening.\n\u265f',
  position: 65_535,
  userLimit: 12,
  isTemporary: true,
  frameMs: 60,
  isFecOn: false,
  keepDays: 65_535,
  keepMessages: 2 ** 32 - 1,
  slowModeSeconds: 65_535,
  isLocked: true,
  isPrivate: true,
};
const message = {
  messageId: two,
  roomId: one,
  userId: newUuid(),
  displayName: 'Ada',
  text: 'Grüße 🐦 '.repeat(200),
  sentAtMs: 1_800_000_000_123,
  clientMessageId: newUuid(),
  editedAtMs: 2 ** 48 - 1,
  deletedAtMs: 0,
  replyToId: one,
  mentionedIds: [one, two],
  attachmentIds: [two],
  reactions: [
    { emoji: '👍', count: 1 },
    { emoji: '🐦', count: 2 ** 32 - 1 },
  ],
};
const plainMessage = {
  ...message,
  editedAtMs: null,
  deletedAtMs: null,
  replyToId: null,
  mentionedIds: [],
  attachmentIds: [],
  reactions: [],
};
const user = {
  publicKey: new Uint8Array(32).fill(7),
  displayName: 'Ada',
  firstSeenMs: 1,
  lastSeenMs: 2,
};

const pins = [{ messageId: one, userId: two, pinnedAtMs: 5 }];
const talk = {
  talkId: one,
  type: RoomType.Group,
  name: 'Café',
  createdAtMs: 5,
  userIds: [two, rootRoomId],
} as const;
const direct = { ...talk, type: RoomType.Direct, name: '', userIds: [] } as const;

const kinds: readonly RecordKind[] = [
  ['a user', encodeUser(user), decodeUser, user],
  ['a link of rooms', linkRecord, decodeLink, undefined],
  [
    'a room',
    encodeRoom({ room: { ...room, speakersMax: 9, bundleWindowMs: 0 }, createdAtMs: 5 }),
    (bytes) => decodeRoom(one, bytes),
    { room: { ...room, speakersMax: 9, bundleWindowMs: 0 }, createdAtMs: 5 },
  ],
  [
    'a room with properties of its own',
    encodeRoom({ room: { ...room, ...properties }, createdAtMs: 5 }),
    (bytes) => decodeRoom(one, bytes),
    { room: { ...room, ...properties }, createdAtMs: 5 },
  ],
  [
    'the root room',
    encodeRoom({ room: { ...room, parentId: null }, createdAtMs: 5 }),
    (bytes) => decodeRoom(one, bytes),
    { room: { ...room, parentId: null }, createdAtMs: 5 },
  ],
  ['a group talk', encodeTalk(talk), (bytes) => decodeTalk(one, bytes), talk],
  ['a direct talk', encodeTalk(direct), (bytes) => decodeTalk(one, bytes), direct],
  ["a user's talk", encodeTalkType(RoomType.Group), decodeTalkType, RoomType.Group],
  [
    'a message',
    encodeStoredMessage(message),
    (bytes) => decodeStoredMessage(one, two, bytes),
    message,
  ],
  [
    'a message that nobody changed',
    encodeStoredMessage(plainMessage),
    (bytes) => decodeStoredMessage(one, two, bytes),
    plainMessage,
  ],
  [
    "a user's reactions",
    ownReactionsWrite(message, two, ['👍', '🐦']).value!,
    decodeOwnReactions,
    ['👍', '🐦'],
  ],
  ['pins', pinsWrite(one, pins).value!, decodePins, pins],
  ...deskRecords,
];

describe.each(kinds)('%s', (_kind, bytes, decode, value) => {
  test('comes back as it was', () => {
    expect(decode(bytes)).toEqual(value);
  });

  test('is refused where it is cut short, too long, or of a version to come', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decode(bytes.subarray(0, length)), `${length} bytes`).toThrow(ServerError);
    }
    expect(() => decode(Uint8Array.of(...bytes, 0))).toThrow(ServerError);
    for (const version of [0, 99, 255]) {
      expect(() => decode(Uint8Array.of(version, ...bytes.subarray(1)))).toThrow(/version/);
    }
  });
});

test('a message of the first layout is read', () => {
  const { userId, clientMessageId, displayName, text, sentAtMs } = message;
  const bytes = new RecordWriter(1)
    .u8(1)
    .uuid(userId)
    .uuid(clientMessageId)
    .time(sentAtMs)
    .time(7)
    .text(displayName)
    .text(text)
    .finish();
  expect(decodeStoredMessage(one, two, bytes)).toEqual({ ...plainMessage, editedAtMs: 7 });
});

test('records are decoded or refused, whatever their bytes are', () => {
  forEachFuzzCase((random, index) => {
    const [, whole, decode] = kinds[index % kinds.length]!;
    const changed = random.chance(0.5) ? random.bytes(random.below(200)) : whole.slice();
    if (changed.length > 0) changed[0] = 1 + random.below(3);
    if (changed.length > 1) changed[random.below(changed.length)] = random.below(256);
    try {
      decode(changed);
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      assert.equal(error.code, 'unusableData');
    }
  });
});

test('a record may be long, and its parts are its own', () => {
  const bytes = new RecordWriter(1).text('x'.repeat(65_535)).bytes(Uint8Array.of(1, 2)).finish();
  const reader = new RecordReader('long', bytes, 1);
  expect(reader.text()).toHaveLength(65_535);
  const part = reader.bytes(2);
  bytes.fill(0);
  expect(part).toEqual(Uint8Array.of(1, 2));
  reader.finish();
});

test('a room of version 1, which had only name and voice, has the usual properties', () => {
  const bytes = new RecordWriter(1)
    .u8(1)
    .uuid(rootRoomId)
    .time(5)
    .u16(9)
    .u8(0)
    .u32(96_000)
    .text('Café')
    .finish();
  const voice = { speakersMax: 9, bundleWindowMs: 0, bitrate: 96_000 };
  expect(decodeRoom(one, bytes)).toEqual({ room: { ...room, ...voice }, createdAtMs: 5 });
});

test('a room of version 2 keeps its messages as the server does', () => {
  const bytes = new RecordWriter(2)
    .u8(1 | 2)
    .uuid(rootRoomId)
    .time(5)
    .u16(9)
    .u8(0)
    .u32(96_000)
    .text('Café')
    .u16(65_535)
    .u16(12)
    .u8(60)
    .text(properties.description)
    .finish();
  const voice = { speakersMax: 9, bundleWindowMs: 0, bitrate: 96_000 };
  const kept = {
    ...{ keepDays: 0, keepMessages: 0, slowModeSeconds: 0 },
    ...{ isLocked: false, isPrivate: false },
  };
  expect(decodeRoom(one, bytes)).toEqual({
    room: { ...room, ...voice, ...properties, ...kept },
    createdAtMs: 5,
  });
});

test('a room that was kept before rooms could be calmed is read as an open one', () => {
  const bytes = encodeRoom({ room: { ...room, ...properties }, createdAtMs: 5 });
  // Without the seconds at its end, and without the flags of a lock and of privacy.
  const before = Uint8Array.from(bytes.subarray(0, -2));
  before[0] = 3;
  before[1]! &= ~(8 | 16);
  const open = { slowModeSeconds: 0, isLocked: false, isPrivate: false };
  expect(decodeRoom(one, before).room).toEqual({ ...room, ...properties, ...open });
});
