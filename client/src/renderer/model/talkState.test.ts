import { audioOff } from '@rookery/client/engine/audioState';
import type { SessionInfo } from '@rookery/schemas/messages';
import { defaultSession } from '@rookery/schemas/protocol';
import { expect, test } from 'vitest';
import { speaksMuted, talkStateOf, type TalkFacts } from './talkState.js';

const named = { sessionToken: 1, userId: 'u', displayName: 'Ada' };
const inRoom: SessionInfo = { ...defaultSession, ...named, roomId: 'room' };
const facts: TalkFacts = {
  ...{ audio: audioOff, own: inRoom, isInCall: false },
  ...{ isWhispering: false, isWhisperRefused: false },
};
const muted = { ...audioOff, settings: { ...audioOff.settings, isMuted: true } };
const heard = { ...audioOff, isTransmitting: true };

test.each<[string, Partial<TalkFacts>]>([
  ['idle', {}],
  ['transmitting', { audio: heard }],
  ['noRoom', { own: { ...inRoom, roomId: null } }],
  ['noRoom', { own: null }],
  ['transmitting', { own: { ...inRoom, roomId: null }, audio: heard, isInCall: true }],
  ['muted', { audio: muted, own: null }],
  ['deafened', { audio: { ...muted, isDeafened: true } }],
  ['mutedByModerator', { own: { ...inRoom, mutedByModerator: true }, audio: heard }],
  ['deafenedByModerator', { own: { ...inRoom, deafenedByModerator: true } }],
  ['suppressed', { own: { ...inRoom, suppressedByModerator: true }, audio: heard }],
  ['mayNotSpeak', { own: { ...inRoom, suppressedByRules: true } }],
  ['whispering', { isWhispering: true, audio: heard }],
  ['whispering', { isWhispering: true, own: { ...inRoom, suppressedByRules: true } }],
  ['whisperRefused', { isWhispering: true, isWhisperRefused: true }],
  ['muted', { isWhispering: true, audio: muted }],
])('tells "%s" (%#)', (state, change) => {
  expect(talkStateOf({ ...facts, ...change })).toBe(state);
});

test('hears who is muted and speaks, and no noise', () => {
  const spoken = { isMuted: true, voiceProbability: 0.9, levelDbfs: -20 };
  expect(speaksMuted(spoken)).toBe(true);
  expect(speaksMuted({ ...spoken, isMuted: false })).toBe(false);
  expect(speaksMuted({ ...spoken, voiceProbability: 0.2 })).toBe(false);
  expect(speaksMuted({ ...spoken, levelDbfs: -70 })).toBe(false);
});
