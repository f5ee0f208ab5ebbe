import { beforeEach, describe, expect, test } from 'vitest';
import { decodeServerSignal, type ServerSignal } from '@rookery/schemas/signalDatagram';
import { signalLimits } from '../signalLimits.js';
import { SignalRelay } from './signalRelay.js';

const room = '00000000-0000-4000-8000-000000000001';
const ada = '00000000-0000-4000-8000-00000000000a';
const bob = '00000000-0000-4000-8000-00000000000b';

let sent: [number, ServerSignal | null][];
let delaysMs: number[];
let members: number[];
let relay: SignalRelay;

beforeEach(() => {
  sent = [];
  delaysMs = [];
  members = [1, 2];
  relay = new SignalRelay({
    limits: { ...signalLimits, datagramsPerFlushMax: 100 },
    roomOf: () => room,
    viewersOf: () => members,
    send: (token, datagram) => sent.push([token, decodeServerSignal(datagram)]),
    scheduleFlush: (delayMs) => delaysMs.push(delayMs),
  });
});

describe('typing', () => {
  test('of several is told to each reader in one datagram', () => {
    relay.noteTyping(room, ada, 'typing', () => members);
    relay.noteTyping(room, bob, 'typing', () => members);
    relay.flush();
    const signal = { kind: 'typing', placeId: room, userIds: [ada, bob] };
    expect(sent).toEqual([
      [1, signal],
      [2, signal],
    ]);
    expect(delaysMs).toEqual([250]);
  });

  test('that ended meanwhile is told as ended only', () => {
    relay.noteTyping(room, ada, 'typing', () => members);
    relay.noteTyping(room, ada, 'stopTyping', () => members);
    relay.flush();
    expect(sent[0]).toEqual([1, { kind: 'stopTyping', placeId: room, userIds: [ada] }]);
    expect(sent).toHaveLength(2);
  });
});

describe('presence', () => {
  test('is told when it changes, the newest only, and not when it is said again', () => {
    relay.notePresence(1, 'idle');
    relay.notePresence(1, 'away');
    relay.flush();
    relay.notePresence(1, 'away');
    relay.flush();
    expect(sent).toEqual([
      [1, { kind: 'presence', statuses: [[1, 'away']] }],
      [2, { kind: 'presence', statuses: [[1, 'away']] }],
    ]);
  });

  test('is repeated while somebody is not online, so that a lost datagram does no harm', () => {
    relay.notePresence(1, 'idle');
    for (let count = 0; count < 3; count++) {
      relay.flush();
      relay.repeat();
    }
    relay.flush();
    expect(sent).toHaveLength(4 * 2);
  });

  test('is repeated twice when somebody is back, and then known no more', () => {
    relay.notePresence(1, 'idle');
    relay.notePresence(1, 'online');
    for (let count = 0; count < 5; count++) {
      relay.flush();
      relay.repeat();
    }
    expect(sent).toHaveLength(3 * 2);
    expect(sent.at(-1)![1]).toEqual({ kind: 'presence', statuses: [[1, 'online']] });
  });

  test('of who is gone is not repeated', () => {
    relay.notePresence(1, 'idle');
    relay.flush();
    relay.forget(1);
    relay.repeat();
    relay.flush();
    expect(sent).toHaveLength(2);
  });

  test('of a whole crowd at once takes its time and leaves nobody out', () => {
    members = Array.from({ length: 1_000 }, (_, index) => index);
    for (const token of members) relay.notePresence(token, 'idle');
    const counts: number[] = [];
    while (delaysMs.length > 0) {
      delaysMs.pop();
      const before = sent.length;
      relay.flush();
      counts.push(sent.length - before);
    }
    expect(Math.max(...counts)).toBe(100);
    // Each is told of all in as many datagrams as hold a thousand.
    expect(sent).toHaveLength(1_000 * Math.ceil(1_000 / 219));
    const toOne = sent.flatMap(([token, signal]) =>
      token === 7 && signal?.kind === 'presence' ? signal.statuses : [],
    );
    expect(new Set(toOne.map(([token]) => token)).size).toBe(1_000);
  });
});
