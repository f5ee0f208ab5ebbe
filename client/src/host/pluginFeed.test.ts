import type { RoomMessage, SessionInfo } from '@rookery/schemas/messages';
import { defaultRoom, defaultSession, rootRoomId } from '@rookery/schemas/protocol';
import { expect, test } from 'vitest';
import { audioOff, type SpeakerStatistics } from '../engine/audioState.js';
import { initialState } from '../engine/engineState.js';
import { fixedView } from '../engine/testing/fixedView.js';
import { PluginFeed, type FeedState } from './pluginFeed.js';

const userId = '22222222-2222-4222-8222-222222222222';
const rooms = [{ ...defaultRoom, roomId: rootRoomId, parentId: null, name: 'Lobby' }];
const connection = { phase: 'connected' } as FeedState['connection'];

const person = (sessionToken: number, roomId: string | null = rootRoomId): SessionInfo => ({
  ...{ ...defaultSession, sessionToken, userId, displayName: `P${sessionToken}`, roomId },
});

function stateOf(people: readonly SessionInfo[], change: Partial<FeedState> = {}): FeedState {
  return { ...initialState, connection, view: fixedView(rooms, people), ...change };
}

const talking = (token: number): FeedState['audio'] => {
  const speaker = { isTalking: true } as SpeakerStatistics;
  return { ...audioOff, speakers: new Map([[token, speaker]]) };
};

const place = { roomId: rootRoomId, roomName: 'Lobby' };
const of = (name: string) => ({ userId, userName: name, isBot: false });

test('who comes, goes, changes rooms and talks is told, and nobody who was there', () => {
  const feed = new PluginFeed();
  expect(feed.follow(stateOf([person(1), person(2)]))).toEqual([]);
  const more = [person(1), person(2, null), person(3)];
  expect(feed.follow(stateOf(more))).toEqual([
    { type: 'roomChange', ...of('P2'), roomId: null, roomName: '' },
    { type: 'join', ...of('P3'), ...place },
  ]);
  expect(feed.follow(stateOf(more, { audio: talking(3) }))).toEqual([
    { type: 'talkStart', ...of('P3'), ...place },
  ]);
  expect(feed.follow(stateOf(more))).toEqual([{ type: 'talkStop', ...of('P3'), ...place }]);
  expect(feed.follow(stateOf([person(1), person(2, null)]))).toEqual([
    { type: 'leave', ...of('P3'), ...place },
  ]);
});

test('messages of rooms are told once, of talks never, and none of before a new connection', () => {
  const feed = new PluginFeed();
  feed.follow(stateOf([person(1)]));
  const message = { messageId: userId, roomId: rootRoomId, userId, displayName: 'P1', text: 'hi' };
  const messages = [message as RoomMessage];
  const told = { type: 'message', messageId: userId, ...of('P1'), ...place, text: 'hi' };
  expect(feed.follow(stateOf([person(1)], { messages }))).toEqual([told]);
  expect(feed.follow(stateOf([person(1)], { messages }))).toEqual([]);
  const direct = { ...message, roomId: userId } as RoomMessage;
  expect(feed.follow(stateOf([person(1)], { messages: [...messages, direct] }))).toEqual([]);
  const lost = { connection: { phase: 'idle' } } as const;
  expect(feed.follow(stateOf([], { ...lost, messages }))).toEqual([]);
  expect(feed.follow(stateOf([person(4)], { messages, audio: audioOff }))).toEqual([]);
});
