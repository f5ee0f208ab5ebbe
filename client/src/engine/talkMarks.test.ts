import { FrameType } from '@rookery/schemas/frameType';
import type { MessageAck, Uuid } from '@rookery/schemas/messages';
import { newTimeOrderedUuid, newUuid } from '@rookery/schemas/uuid';
import { expect, it } from 'vitest';
import { receiversOf, withMark, type TalkMarks } from './talkMarks.js';

const [talk, ada, bob] = [newUuid(), newUuid(), newUuid()];
const [first, second] = [newTimeOrderedUuid(1_000), newTimeOrderedUuid(2_000)];

function ack(userId: Uuid, deliveredId: Uuid | null, readId: Uuid | null): MessageAck {
  return { type: FrameType.MessageAck, roomId: talk, userId, deliveredId, readId };
}

it('tells who has a message and who read it, and never that they do not any more', () => {
  let marks: TalkMarks = new Map();
  for (const one of [ack(ada, second, first), ack(bob, first, null), ack(ada, first, null)]) {
    marks = withMark(marks, one);
  }
  expect(receiversOf(marks, talk, first)).toEqual({ deliveredTo: [ada, bob], readBy: [ada] });
  expect(receiversOf(marks, talk, second)).toEqual({ deliveredTo: [ada], readBy: [] });
  expect(receiversOf(marks, newUuid(), first)).toEqual({ deliveredTo: [], readBy: [] });
});

it('keeps no more than a bound', () => {
  let marks: TalkMarks = new Map();
  for (let at = 0; at < 300; at++) marks = withMark(marks, ack(newUuid(), first, null));
  expect(marks.get(talk)?.size).toBe(256);
  for (let at = 0; at < 1_100; at++) {
    marks = withMark(marks, { ...ack(ada, first, null), roomId: newUuid() });
  }
  expect(marks.size).toBe(1_024);
});
