import { expect, it } from 'vitest';
import { defaultRoom, defaultSession, rootRoomId } from '@rookery/schemas/protocol';
import { fixedView } from '../engine/testing/fixedView.js';
import { memberWords, whereWords } from './memberWords.js';

const unknownId = '00000000-0000-4000-8000-000000000001';
const root = { roomId: rootRoomId, parentId: null, name: 'Lobby', ...defaultRoom };
const ada = {
  ...{ ...defaultSession, sessionToken: 1, userId: unknownId, displayName: 'Ada' },
  roomId: rootRoomId,
};
const view = fixedView([root], [ada]);

it('says nothing of who simply is there', () => {
  expect(memberWords(view, ada)).toBe('Ada');
});

it('says who is on the way back, silent or deaf, and what else they hear', () => {
  expect(memberWords(view, { ...ada, isReconnecting: true })).toBe('Ada (reconnecting)');
  expect(memberWords(view, { ...ada, muted: true })).toBe('Ada (muted)');
  expect(memberWords(view, { ...ada, isRecording: true })).toBe('Ada (RECORDING)');
  const listeningTo = [rootRoomId, unknownId];
  expect(memberWords(view, { ...ada, deafened: true, listeningTo })).toBe(
    `Ada (deafened; listens to ${unknownId}, Lobby)`,
  );
});

it('says what others made of somebody, and who goes before others', () => {
  const calmed = { muted: true, mutedByModerator: true, deafenedByModerator: true };
  expect(memberWords(view, { ...ada, ...calmed })).toBe(
    'Ada (muted by a moderator; deafened by a moderator)',
  );
  const inRoom = { suppressedByModerator: true, isPrioritySpeaker: true };
  expect(memberWords(view, { ...ada, ...inRoom })).toBe('Ada (suppressed; priority speaker)');
  expect(memberWords(view, { ...ada, suppressedByRules: true })).toBe('Ada (may not speak)');
});

it('says where somebody is', () => {
  const inLobby = { ...ada, roomId: rootRoomId, suppressedByRules: true };
  expect(whereWords(view, inLobby)).toBe('in Lobby (may not speak)');
  expect(whereWords(view, { ...ada, roomId: null })).toBe('in no room');
});
