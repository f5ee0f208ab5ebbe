import { beforeEach, expect, it } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import type { TextMessage, TextNews } from '@rookery/schemas/messages';
import { fixedView } from '../engine/testing/fixedView.js';
import { followChanges } from './followChanges.js';
import type { OutputEvent } from './output.js';

const roomId = '00000000-0000-4000-8000-000000000001';
const otherId = '00000000-0000-4000-8000-000000000002';
const messageId = '00000000-0000-7000-8000-000000000003';
const ada = '00000000-0000-4000-8000-00000000000a';
const bob = '00000000-0000-4000-8000-00000000000b';

const message: TextMessage = {
  ...{ messageId, roomId, userId: ada, displayName: 'Ada', text: 'first', sentAtMs: 0 },
  ...{ clientMessageId: messageId, replyToId: null, mentionedIds: [], attachmentIds: [] },
  ...{ editedAtMs: null, deleted: false, reactions: [] },
};
const bobsSession = {
  ...{ sessionToken: 1, userId: bob, displayName: 'Bob', roomId, muted: false, deafened: false },
  ...{ mutedByModerator: false, deafenedByModerator: false, suppressedByModerator: false },
  ...{
    listeningTo: [],
    isReconnecting: false,
    isPrioritySpeaker: false,
    isRecording: false,
    isBot: false,
  },
  suppressedByRules: false,
};
const at = new Date(0).toTimeString().slice(0, 8);

let tell: (news: TextNews) => void;
let events: OutputEvent[];
let words: string[];

function follow(messages: readonly TextMessage[]): void {
  const window = { messages, hasEarlier: false, hasLater: false, pinChanges: 0 };
  const state = { view: fixedView([], [bobsSession]), texts: new Map([[roomId, window]]) };
  const listen = (listener: typeof tell): (() => void) => {
    tell = listener;
    return () => undefined;
  };
  const result = (event: OutputEvent, line: string): void => {
    events.push(event);
    words.push(line);
  };
  followChanges({ state, text: { listen } }, { result }, (placeId) => placeId === roomId);
}

beforeEach(() => {
  events = [];
  words = [];
});

it('tells what becomes of messages', () => {
  follow([message]);
  const one = { roomId, messageId };
  const reaction = { ...one, type: FrameType.ReactionChanged, emoji: '👍', userId: bob } as const;
  const edited = {
    ...one,
    type: FrameType.MessageEdited,
    text: 'first',
    mentionedIds: [],
  } as const;
  tell({ ...edited, editedAtMs: 1 });
  tell({ ...reaction, count: 1, added: true });
  tell({ ...reaction, count: 0, added: false });
  tell({ ...one, type: FrameType.PinsChanged, pinned: true });
  tell({ ...one, type: FrameType.MessageDeleted });
  expect(words).toEqual([
    `[${at}] Ada: first (edited)`,
    `Bob reacts with 👍 (now 1): [${at}] Ada: first`,
    `Bob takes back 👍 (now 0): [${at}] Ada: first`,
    `pinned: [${at}] Ada: first`,
    `[${at}] Ada: (deleted)`,
  ]);
  const kinds = ['edited', 'reacted', 'unreacted', 'pinned', 'deleted'];
  expect(events.map(({ event }) => event)).toEqual(kinds);
  expect(events[1]).toEqual({
    ...{ event: 'reacted', emoji: '👍', count: 1, userId: bob },
    ...{ messageId, roomId, room: null },
  });
});

it('quotes the beginning of a long message, and names by id what is not at hand', () => {
  follow([{ ...message, text: '🐦'.repeat(41) }]);
  const pinned = { type: FrameType.PinsChanged, roomId, messageId, pinned: false } as const;
  tell(pinned);
  tell({ ...pinned, messageId: otherId });
  expect(words).toEqual([`unpinned: [${at}] Ada: ${'🐦'.repeat(40)}…`, `unpinned: ${otherId}`]);
});

it('is silent about other places', () => {
  follow([message]);
  tell({ type: FrameType.MessageDeleted, roomId: otherId, messageId });
  expect(events).toEqual([]);
});
