import { describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { newUuid } from '@rookery/schemas/uuid';
import { abuseLimits, type AbuseLimits } from '../abuseLimits.js';
import { Pacing, type Sender } from './pacing.js';

let nowMs = 1_000_000;

function open(limits: Partial<AbuseLimits> = {}): Pacing {
  const userPace = {
    ...abuseLimits.userPace,
    search: { perSecond: 2, burst: 3, refusedMax: 4 },
  };
  return new Pacing({ limits: { ...abuseLimits, userPace, ...limits }, nowMs: () => nowMs });
}

function senderAt(source: string): Sender {
  return { userId: newUuid(), source };
}

/** How many of so many messages may go on. */
function passed(
  pacing: Pacing,
  sender: Sender,
  count: number,
  type: FrameType = FrameType.Search,
): number {
  let passing = 0;
  for (let index = 0; index < count; index++) {
    if (pacing.take(sender, type) === null) passing += 1;
  }
  return passing;
}

describe('pacing', () => {
  test('lets a user send a burst of a class, then at its pace', () => {
    const pacing = open();
    const sender = senderAt('192.0.2.1');
    expect(passed(pacing, sender, 5)).toBe(3);
    expect(pacing.take(sender, FrameType.Search)).toEqual({
      of: 'user',
      retryAfterMs: 500,
      isFlooding: false,
    });
    nowMs += 500;
    expect(passed(pacing, sender, 2)).toBe(1);
  });

  test('counts all messages of a class together, and classes apart', () => {
    const pacing = open();
    const sender = senderAt('192.0.2.1');
    expect(passed(pacing, sender, 3, FrameType.FindUsers)).toBe(3);
    expect(pacing.take(sender, FrameType.Search)?.of).toBe('user');
    expect(pacing.take(sender, FrameType.SendMessage)).toBeNull();
    expect(pacing.stats().refusedOfUsers).toEqual({ search: 1 });
  });

  test('gives nobody another burst for a new connection or another address', () => {
    const pacing = open();
    const { userId } = senderAt('192.0.2.1');
    expect(passed(pacing, { userId, source: '192.0.2.1' }, 3)).toBe(3);
    pacing.sweep();
    expect(passed(pacing, { userId, source: '192.0.2.2' }, 3)).toBe(0);
  });

  test('lets the users of one address send what its share is, and others as before', () => {
    const pacing = open({ addressShare: 2 });
    const passing = [1, 2, 3, 4].map(() => passed(pacing, senderAt('192.0.2.1'), 3));
    expect(passing).toEqual([3, 3, 0, 0]);
    expect(pacing.take(senderAt('192.0.2.1'), FrameType.Search)).toEqual({
      of: 'address',
      retryAfterMs: 250,
      isFlooding: false,
    });
    expect(passed(pacing, senderAt('192.0.2.2'), 3)).toBe(3);
    expect(pacing.stats().refusedOfAddresses).toEqual({ search: 7 });
  });

  test('takes a user for a flooder, and nobody for what the neighbours send', () => {
    const pacing = open({ addressShare: 1 });
    const flooder = senderAt('192.0.2.1');
    passed(pacing, flooder, 3 + 4);
    expect(pacing.take(flooder, FrameType.Search)?.isFlooding).toBe(true);
    const neighbour = senderAt('192.0.2.1');
    for (let index = 0; index < 3; index++) {
      expect(pacing.take(neighbour, FrameType.Search)).toMatchObject({
        of: 'address',
        isFlooding: false,
      });
    }
  });

  test('forgets who has all budgets again, and no more than it must', () => {
    const pacing = open();
    const sender = senderAt('192.0.2.1');
    passed(pacing, sender, 3);
    nowMs += 1_400;
    pacing.sweep();
    expect(pacing.stats()).toMatchObject({ users: 1 });
    nowMs += 100;
    pacing.sweep();
    expect(pacing.stats()).toMatchObject({ users: 0, addresses: 0 });
  });

  test('remembers a bounded number', () => {
    const pacing = open({ metersMax: 10 });
    for (let index = 0; index < 50; index++) passed(pacing, senderAt(`192.0.2.${index}`), 1);
    expect(pacing.stats()).toMatchObject({ users: 10, addresses: 10 });
  });

  test('has no budget for what keeps a connection alive', () => {
    const pacing = open();
    expect(passed(pacing, senderAt('192.0.2.1'), 1_000, FrameType.Ping)).toBe(1_000);
  });
});
