import { FrameType } from '@rookery/schemas/frameType';
import { rootRoomId } from '@rookery/schemas/protocol';
import { textMessage } from '@rookery/schemas/testing/textToSend';
import { beforeEach, expect, test } from 'vitest';
import { controlLimits } from '../limits.js';
import { CommunityState } from '../state/communityState.js';
import type { Outcome } from '../state/outcome.js';
import { PluginFeed, type FeedEvent } from './pluginFeed.js';

const userId = '0196c1d4-0000-7000-8000-000000000001';
let state: CommunityState;
let feed: PluginFeed;
let told: FeedEvent[];

beforeEach(() => {
  state = new CommunityState(controlLimits.state);
  feed = new PluginFeed({ state, findMessage: () => null });
  told = [];
});

function apply(outcome: Outcome): void {
  if (outcome.refused) throw new Error(outcome.message);
  feed.note(outcome);
}

const types = (): string[] => told.map(({ event }) => event.type);

test('tells who comes, goes elsewhere, talks and leaves', () => {
  feed.follow((event) => told.push(event));
  apply(state.addSession(1, userId, 'Ada'));
  apply(state.joinRoom(1, rootRoomId));
  for (const talkers of [[1], [1], [], [9]]) feed.noteTalkers(talkers);
  apply(state.removeSession(1));
  expect(types()).toEqual(['join', 'roomChange', 'talkStart', 'talkStop', 'leave']);
  expect(told[1]).toMatchObject({
    ...{ roomId: rootRoomId, userId },
    event: { userName: 'Ada', isBot: false, roomName: state.room(rootRoomId)!.name },
  });
});

test('knows who was there before, and tells nothing to nobody', () => {
  apply(state.addSession(1, userId, 'Ada'));
  feed.follow((event) => told.push(event));
  feed.noteTalkers([1]);
  feed.follow(null);
  feed.noteSent({ type: FrameType.RoomMessage, ...textMessage() });
  apply(state.removeSession(1));
  expect(types()).toEqual(['talkStart']);
});

test('tells of messages, and not of an edit of one that is gone', () => {
  feed.follow((event) => told.push(event));
  const message = textMessage({ text: 'hello' });
  const { roomId, messageId } = message;
  feed.noteSent({ type: FrameType.RoomMessage, ...message });
  const edit = { roomId, messageId, text: 'there', mentionedIds: [], editedAtMs: 1 };
  feed.noteSent({ type: FrameType.MessageEdited, ...edit });
  feed.noteSent({ type: FrameType.MessageDeleted, roomId, messageId });
  expect(told.map(({ event }) => event)).toMatchObject([{ type: 'message', text: 'hello' }]);
});
