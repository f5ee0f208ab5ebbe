import { expect, test } from 'vitest';
import { soundsBetween, type HearableState } from './soundEvents.js';

const calm: HearableState = {
  connection: 'there',
  ownToken: 1,
  roomId: 'lobby',
  others: new Set([2]),
  isMuted: false,
  isDeafened: false,
  whisperers: 0,
};
const after = (change: Partial<HearableState>) => soundsBetween(calm, { ...calm, ...change });

test('nothing is heard where nothing changed', () => {
  expect(after({})).toEqual([]);
});

test('others are heard to come and go, and many at once are one', () => {
  expect(after({ others: new Set([2, 3, 4]) })).toEqual(['join']);
  expect(after({ others: new Set() })).toEqual(['leave']);
  expect(after({ others: new Set([5]) })).toEqual(['join', 'leave']);
});

test('the own way is heard, and not that of those who are elsewhere', () => {
  expect(after({ roomId: 'games', others: new Set([7, 8]) })).toEqual(['ownJoin']);
  expect(after({ roomId: null, others: new Set() })).toEqual(['ownLeave']);
  const outside = { ...calm, roomId: null, others: new Set<number>() };
  expect(soundsBetween(outside, calm)).toEqual(['ownJoin']);
});

test('who deafens hears that, and not the mute that comes with it', () => {
  expect(after({ isMuted: true })).toEqual(['mute']);
  expect(after({ isDeafened: true, isMuted: true })).toEqual(['deafen']);
  expect(soundsBetween({ ...calm, isDeafened: true }, calm)).toEqual(['unmute']);
  expect(soundsBetween({ ...calm, isMuted: true }, calm)).toEqual(['unmute']);
});

test('a lost connection is heard once, and its return, without those who seem to come', () => {
  const lost = { ...calm, connection: 'lost', others: new Set<number>() } as const;
  expect(soundsBetween(calm, lost)).toEqual(['disconnected']);
  expect(soundsBetween(lost, calm)).toEqual(['reconnected']);
});

test('who is thrown out hears it, and who leaves does not', () => {
  const gone = { ownToken: null, roomId: null, others: new Set<number>() };
  expect(after({ ...gone, connection: 'thrownOut' })).toEqual(['kicked']);
  expect(after({ ...gone, connection: 'none' })).toEqual([]);
});

test('a whisper is heard when it begins', () => {
  expect(after({ whisperers: 1 })).toEqual(['whisper']);
  expect(soundsBetween({ ...calm, whisperers: 2 }, { ...calm, whisperers: 1 })).toEqual([]);
});

test('a new session begins in silence', () => {
  const none = { ...calm, connection: 'none', ownToken: null, roomId: null } as const;
  expect(soundsBetween(none, calm)).toEqual([]);
});
