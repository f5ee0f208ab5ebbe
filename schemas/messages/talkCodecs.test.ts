import { expect, test } from 'vitest';
import { frameHeaderBytes } from '../frame.js';
import { FrameType } from '../frameType.js';
import { RoomType } from '../generated/rookery/room-type.js';
import { decodeMessage, encodeMessage } from '../messageCodec.js';
import { newUuid } from '../uuid.js';
import type { Message, TalkInfo } from '../messages.js';

const talk: TalkInfo = { talkId: newUuid(), type: RoomType.Direct, name: '', participants: [] };

function put(change: object): Message {
  return { type: FrameType.TalkPut, talk: { ...talk, ...change } };
}

test('a room of the tree is no talk, neither sent nor received', () => {
  expect(() => encodeMessage(put({ type: RoomType.Channel }))).toThrow('type is 0');
  const payload = encodeMessage(put({ type: RoomType.Group })).subarray(frameHeaderBytes);
  const changed = payload.map((byte, at) => (at === indexOfType(payload) ? 0 : byte));
  expect(() => decodeMessage(FrameType.TalkPut, changed)).toThrow('type is 0');
});

test('nobody names more people than fit into a talk', () => {
  const participants = Array.from({ length: 33 }, () => ({ userId: newUuid(), displayName: '' }));
  expect(() => encodeMessage(put({ participants }))).toThrow('33 elements');
  const userIds = participants.map(({ userId }) => userId);
  expect(() => encodeMessage({ type: FrameType.CreateTalk, name: 'All', userIds })).toThrow('33');
});

/** The one byte in which a group differs from a direct talk that is written out, too. */
function indexOfType(group: Uint8Array): number {
  const at = [...group.keys()].filter((index) => {
    const changed = group.slice();
    changed[index] = RoomType.Direct;
    try {
      const { message } = decodeMessage(FrameType.TalkPut, changed);
      return message.type === FrameType.TalkPut && message.talk.type === RoomType.Direct;
    } catch {
      return false;
    }
  });
  expect(at).toHaveLength(1);
  return at[0]!;
}
