import { newUuid } from '@rookery/schemas/uuid';
import { expect, test } from 'vitest';
import { Call } from './call.js';

const [ada, bob, cleo] = [newUuid(), newUuid(), newUuid()];
const newCall = (ringsUntilMs = 100): Call =>
  new Call({ talkId: newUuid(), userIds: [ada, bob, cleo], startedAtMs: 1, ringsUntilMs });

test('is over without anybody in it, and keeps the order in which they came', () => {
  const call = newCall();
  expect(call.isOver).toBe(true);
  call.enter(bob, 2);
  call.enter(ada, 1);
  expect([...call.members]).toEqual([
    [bob, 2],
    [ada, 1],
  ]);
  call.leave(bob);
  call.ring(bob, 50);
  call.decline(cleo);
  call.leave(ada);
  expect(call.isOver).toBe(true);
  expect([call.ringingUserIds, call.declinedUserIds]).toEqual([[], []]);
});

test('rings until somebody comes or declines, or for long enough', () => {
  const call = newCall();
  call.enter(ada, 1);
  for (const userId of [ada, bob, cleo]) call.ring(userId, 50);
  expect(call.ringingUserIds).toEqual([bob, cleo]);
  call.enter(bob, 2);
  call.decline(ada);
  expect(call.endRings(49)).toBe(false);
  expect(call.ringingUserIds).toEqual([cleo]);
  expect(call.endRings(50)).toBe(true);
  expect(call.endRings(51)).toBe(false);
  expect([call.ringingUserIds, call.declinedUserIds]).toEqual([[], []]);
});

test('who declined is shown so until it rings again, or they come', () => {
  const call = newCall();
  call.enter(ada, 1);
  call.ring(bob, 50);
  call.decline(bob);
  call.decline(cleo);
  expect([call.ringingUserIds, call.declinedUserIds]).toEqual([[], [bob, cleo]]);
  call.ring(bob, 50);
  call.enter(cleo, 3);
  expect([call.ringingUserIds, call.declinedUserIds]).toEqual([[bob], []]);
});

test('rings at who comes to the server in time and knows nothing of it yet', () => {
  const call = newCall(100);
  call.enter(ada, 1);
  expect(call.ringAtNewcomer(bob, 99)).toBe(true);
  expect(call.endRings(99)).toBe(false);
  expect(call.endRings(100)).toBe(true);
  expect(call.ringAtNewcomer(cleo, 100)).toBe(false);
  // Who hung up, or declined, is not called again because their connection was lost.
  call.leave(ada);
  call.decline(bob);
  expect([ada, bob].map((userId) => call.ringAtNewcomer(userId, 99))).toEqual([false, false]);
  expect(newCall(-Infinity).ringAtNewcomer(bob, 0)).toBe(false);
});

test('forgets whoever takes part in the talk no longer', () => {
  const call = newCall();
  call.enter(ada, 1);
  call.ring(bob, 50);
  call.decline(cleo);
  expect(call.changeUsers([newUuid()])).toEqual([ada]);
  expect([call.ringingUserIds, call.declinedUserIds]).toEqual([[], []]);
});
