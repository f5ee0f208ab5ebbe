import { describe, expect, test } from 'vitest';
import {
  decodeClientSignal,
  decodeServerSignal,
  encodeClientSignal,
  encodeServerSignal,
  isSignal,
  signalBytesMax,
  type ClientSignal,
  type PresenceStatus,
} from './signalDatagram.js';
import { DatagramKind } from './protocol.js';
import { SeededRandom } from './testing/seededRandom.js';
import { newUuid } from './uuid.js';

const placeId = newUuid();
const sent: ClientSignal[] = [
  { kind: 'typing', placeId },
  { kind: 'stopTyping', placeId },
  { kind: 'presence', status: 'online' },
  { kind: 'presence', status: 'idle' },
  { kind: 'presence', status: 'away' },
];

describe('a signal of a client', () => {
  test.each(sent)('$kind is read as it was written', (signal) => {
    const datagram = encodeClientSignal(signal);
    expect(isSignal(datagram)).toBe(true);
    expect(decodeClientSignal(datagram)).toEqual(signal);
  });

  test.each(sent)('$kind is refused when it is shorter, longer or of another kind', (signal) => {
    const datagram = encodeClientSignal(signal);
    expect(decodeClientSignal(datagram.subarray(0, -1))).toBeNull();
    expect(decodeClientSignal(Uint8Array.of(...datagram, 0))).toBeNull();
    expect(
      decodeClientSignal(Uint8Array.of(DatagramKind.Voice, ...datagram.subarray(1))),
    ).toBeNull();
  });

  test('is refused with a status that there is not', () => {
    expect(decodeClientSignal(Uint8Array.of(DatagramKind.Presence, 3))).toBeNull();
  });
});

describe('a signal of the server', () => {
  test('of many is cut into datagrams that a packet holds, and loses nobody', () => {
    const userIds = Array.from({ length: 150 }, () => newUuid());
    const datagrams = encodeServerSignal({ kind: 'typing', placeId, userIds });
    const read = datagrams.flatMap((datagram) => {
      expect(datagram.length).toBeLessThanOrEqual(signalBytesMax);
      const signal = decodeServerSignal(datagram);
      return signal?.kind === 'typing' && signal.placeId === placeId ? signal.userIds : [];
    });
    expect(read).toEqual(userIds);
  });

  test('about sessions is read as it was written', () => {
    const all: PresenceStatus[] = ['online', 'idle', 'away'];
    const statuses = Array.from(
      { length: 500 },
      (_, index) => [0xffff_ffff - index, all[index % 3]!] as const,
    );
    const datagrams = encodeServerSignal({ kind: 'presence', statuses });
    expect(Math.max(...datagrams.map(({ length }) => length))).toBeLessThanOrEqual(signalBytesMax);
    const read = datagrams.flatMap((datagram) => {
      const signal = decodeServerSignal(datagram);
      return signal?.kind === 'presence' ? signal.statuses : [];
    });
    expect(read).toEqual(statuses);
  });

  test('that is cut off or made up is refused or read, and never throws', () => {
    for (let seed = 1; seed <= 2_000; seed++) {
      const random = new SeededRandom(seed);
      const bytes = random.bytes(random.below(60));
      if (bytes.length > 0) bytes[0] = DatagramKind.Typing + random.below(4);
      expect(() => decodeServerSignal(bytes), `seed ${seed}`).not.toThrow();
      expect(() => decodeClientSignal(bytes), `seed ${seed}`).not.toThrow();
    }
    expect(decodeServerSignal(Uint8Array.of(DatagramKind.Presence, 1, 0, 0, 0, 9))).toBeNull();
    expect(decodeServerSignal(new Uint8Array(17).fill(DatagramKind.Typing))).toBeNull();
  });
});
