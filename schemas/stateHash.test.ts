import { hash } from 'blake3';
import { describe, expect, test } from 'vitest';
import type { RoomInfo, SessionInfo } from './messages.js';
import { rootRoomId } from './protocol.js';
import { memberElementHash, membersElementHash, PartHash, roomElementHash } from './stateHash.js';
import { sampleMessages } from './testing/sampleMessages.js';
import { SeededRandom } from './testing/seededRandom.js';

const [{ rooms }] = sampleMessages[0x37];
const lobby = rooms[0]!;
const person: SessionInfo = {
  sessionToken: 0x01020304,
  userId: '00112233-4455-6677-8899-aabbccddeeff',
  displayName: 'Zoë',
  roomId: rootRoomId,
  muted: true,
  deafened: false,
  listeningTo: ['00000000-0000-0000-0000-000000000001'],
  isReconnecting: false,
  mutedByModerator: true,
  deafenedByModerator: false,
  suppressedByModerator: true,
  isPrioritySpeaker: false,
  isRecording: true,
  suppressedByRules: true,
  isBot: true,
};

/** The number of which a hash is the little-endian form. */
function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function numberOfElement(element: Uint32Array): bigint {
  return element.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
}

function anotherThan(value: RoomInfo[keyof RoomInfo]): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  return Array.isArray(value) ? [person.userId] : person.userId;
}

describe('an element hash', () => {
  test('is BLAKE3 of the canonical record, byte for byte', () => {
    const record = Buffer.concat([
      Uint8Array.of(2, 4, 3, 2, 1),
      Buffer.from('00112233445566778899aabbccddeeff', 'hex'),
      Uint8Array.of(4, 0, 0, 0, 0x5a, 0x6f, 0xc3, 0xab),
      Uint8Array.of(1),
      new Uint8Array(16),
      Uint8Array.of(1, 0),
      Uint8Array.of(1, 0, 0, 0),
      Buffer.from('00000000000000000000000000000001', 'hex'),
      Uint8Array.of(0, 1, 0, 1, 0, 1, 1, 1),
    ]);
    expect(numberOfElement(memberElementHash(person))).toBe(numberOf(hash(record) as Buffer));
  });

  test('is the same for every composition of a name', () => {
    const decomposed = { ...person, displayName: 'Zoe\u0308' };
    expect(memberElementHash(decomposed)).toEqual(memberElementHash(person));
  });

  test('depends on every field of a session', () => {
    const changes: { readonly [Field in keyof SessionInfo]: SessionInfo[Field] } = {
      sessionToken: 5,
      userId: rootRoomId,
      displayName: '',
      roomId: null,
      muted: false,
      deafened: true,
      listeningTo: [],
      isReconnecting: true,
      mutedByModerator: false,
      deafenedByModerator: true,
      suppressedByModerator: false,
      isPrioritySpeaker: true,
      isRecording: false,
      suppressedByRules: false,
      isBot: false,
    };
    for (const [field, value] of Object.entries(changes)) {
      const other = memberElementHash({ ...person, [field]: value });
      expect(other, field).not.toEqual(memberElementHash(person));
    }
  });

  test('depends on every field of a room, and on how many are in it', () => {
    const before = roomElementHash(lobby, 3);
    for (const field of Object.keys(lobby) as (keyof RoomInfo)[]) {
      const value = anotherThan(lobby[field]);
      expect(roomElementHash({ ...lobby, [field]: value }, 3), field).not.toEqual(before);
    }
    expect(roomElementHash(lobby, 4)).not.toEqual(before);
    expect(roomElementHash(lobby, 3)).toEqual(before);
  });

  test('holds names of any length', () => {
    const long = { ...lobby, name: 'x'.repeat(5_000) };
    expect(roomElementHash(long, 0)).toEqual(roomElementHash({ ...long }, 0));
    expect(roomElementHash(long, 0)).not.toEqual(roomElementHash({ ...long, name: 'x' }, 0));
  });

  test('tells the members of one room from those of another, and of none', () => {
    const members = new Uint8Array(32).fill(7);
    const hashes = [rootRoomId, person.userId, null].map((id) => membersElementHash(id, members));
    expect(new Set(hashes.map(String)).size).toBe(3);
  });
});

describe('the hash of a part', () => {
  test('is the sum of what is in it modulo 2^256, in whatever order it came', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new SeededRandom(seed);
      const part = new PartHash<number>();
      const model = new Map<number, Uint32Array>();
      for (let step = 0; step < 200; step++) {
        const key = random.below(12);
        // Words of ones alone make every carry and borrow happen.
        const element = Uint32Array.from({ length: 8 }, () =>
          random.chance(0.4) ? 0xffffffff : random.below(0xffffffff),
        );
        if (random.chance(0.6)) {
          part.set(key, element);
          model.set(key, element);
        } else {
          part.delete(key);
          model.delete(key);
        }
        const sum = [...model.values()].reduce((total, each) => total + numberOfElement(each), 0n);
        expect(numberOf(part.value()), `seed ${seed}, step ${step}`).toBe(sum % 2n ** 256n);
      }
      expect(part.equals(part.value())).toBe(true);
      part.clear();
      expect(part.value(), `seed ${seed}`).toEqual(new Uint8Array(32));
      part.set(1, memberElementHash(person));
      expect(numberOf(part.value())).toBe(numberOfElement(memberElementHash(person)));
    }
  });
});
