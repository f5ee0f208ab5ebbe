import { FrameType } from '@rookery/schemas/frameType';
import type { MessageDelivered, MessageRead, Uuid } from '@rookery/schemas/messages';
import { newTimeOrderedUuid, newUuid } from '@rookery/schemas/uuid';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AckQueue } from './ackQueue.js';

const [talk, other] = [newUuid(), newUuid()];
const [first, second, third] = [1_000, 2_000, 3_000].map((atMs) => newTimeOrderedUuid(atMs));

let sent: (MessageDelivered | MessageRead)[] = [];
let acks: AckQueue;
beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  acks = new AckQueue((command) => sent.push(command));
});
afterEach(() => {
  vi.useRealTimers();
});

const delivered = (roomId: Uuid, messageId: Uuid): MessageDelivered => {
  return { type: FrameType.MessageDelivered, roomId, messageId };
};

it('tells the first at once, and of each place at most once a second', () => {
  acks.delivered(talk, first!);
  expect(sent).toEqual([delivered(talk, first!)]);
  acks.delivered(talk, third!);
  acks.delivered(talk, second!);
  acks.delivered(other, second!);
  expect(sent).toHaveLength(1);
  vi.advanceTimersByTime(1_000);
  expect(sent.slice(1)).toEqual([delivered(talk, third!), delivered(other, second!)]);
  vi.advanceTimersByTime(10_000);
  expect(sent).toHaveLength(3);
  acks.delivered(talk, third!);
  expect(sent).toHaveLength(4);
});

it('tells that something was read in place of that it is here', () => {
  acks.delivered(other, first!);
  acks.delivered(talk, second!);
  acks.read(talk, second!);
  vi.advanceTimersByTime(1_000);
  expect(sent.slice(1)).toEqual([{ type: FrameType.MessageRead, roomId: talk, messageId: second }]);
});

it('tells of few places at a time, and of nothing once it is cleared', () => {
  for (let at = 0; at < 40; at++) acks.delivered(newUuid(), first!);
  expect(sent).toHaveLength(1);
  vi.advanceTimersByTime(1_000);
  expect(sent).toHaveLength(16);
  vi.advanceTimersByTime(1_000);
  expect(sent).toHaveLength(31);
  acks.clear();
  vi.advanceTimersByTime(10_000);
  expect(sent).toHaveLength(31);
});
