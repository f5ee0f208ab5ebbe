import { describe, expect, test } from 'vitest';
import {
  decodeClientSignal,
  decodeServerSignal,
  encodeClientSignal,
  encodeServerSignal,
  isSignal,
  reportedSpeakersMax,
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
  {
    kind: 'receiverReport',
    losses: [
      [0xffff_ffff, 0],
      [7, 100],
    ],
  },
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

describe('a report of losses', () => {
  const losses = Array.from({ length: reportedSpeakersMax + 1 }, (_, at) => [at, at] as const);

  test('is of a bounded number of speakers, and of somebody', () => {
    const most = encodeClientSignal({ kind: 'receiverReport', losses: losses.slice(1) });
    expect(decodeClientSignal(most)).toEqual({ kind: 'receiverReport', losses: losses.slice(1) });
    const tooMany = encodeClientSignal({ kind: 'receiverReport', losses });
    expect(decodeClientSignal(tooMany)).toBeNull();
    expect(decodeClientSignal(Uint8Array.of(DatagramKind.ReceiverReport))).toBeNull();
  });

  test('never tells of more than all, either way', () => {
    const { ReceiverReport } = DatagramKind;
    expect(decodeClientSignal(Uint8Array.of(ReceiverReport, 1, 0, 0, 0, 101))).toBeNull();
    expect(decodeServerSignal(Uint8Array.of(ReceiverReport, 101))).toBeNull();
  });

  test('is one number to the speaker, and nothing else', () => {
    const [told] = encodeServerSignal({ kind: 'receiverReport', lossPct: 100 });
    expect(isSignal(told!)).toBe(true);
    expect(decodeServerSignal(told!)).toEqual({ kind: 'receiverReport', lossPct: 100 });
    expect(decodeServerSignal(told!.subarray(0, 1))).toBeNull();
    expect(decodeServerSignal(Uint8Array.of(...told!, 0))).toBeNull();
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
      if (bytes.length > 0) bytes[0] = DatagramKind.Typing + random.below(8);
      expect(() => decodeServerSignal(bytes), `seed ${seed}`).not.toThrow();
      expect(() => decodeClientSignal(bytes), `seed ${seed}`).not.toThrow();
    }
    expect(decodeServerSignal(Uint8Array.of(DatagramKind.Presence, 1, 0, 0, 0, 9))).toBeNull();
    expect(decodeServerSignal(new Uint8Array(17).fill(DatagramKind.Typing))).toBeNull();
  });
});
