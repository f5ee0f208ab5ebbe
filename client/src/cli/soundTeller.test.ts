import { beforeEach, expect, it } from 'vitest';
import { audioOff, type AudioState } from '../engine/audioState.js';
import { runningSide, talkingSpeaker } from './testing/soundScenes.js';
import { SoundTeller } from './soundTeller.js';

let told: string[];
let teller: SoundTeller;
let audio: AudioState;
let isShown: boolean;
beforeEach(() => {
  told = [];
  isShown = true;
  audio = audioOff;
  const output = { progress: (_: object, words: string) => void told.push(words) };
  teller = new SoundTeller(output, (token) => (isShown ? `user ${token}` : '?'), 1_000);
});

/** @returns what is told of the sound as it is now */
function after(change: Partial<AudioState>, nowMs = 0): string[] {
  told = [];
  audio = { ...audio, ...change };
  teller.follow(audio, nowMs);
  return told;
}

it('says nothing while nothing happens', () => {
  expect(after({})).toEqual([]);
  expect(after({ isKeyDown: true })).toEqual([]);
});

it('tells once which device runs, and why it does not', () => {
  const problem = { code: 'noAudioDevice', message: 'it was pulled out' } as const;
  expect(after({ input: runningSide('Headset') })).toEqual(['input: Headset']);
  expect(after({ input: { ...runningSide('Headset') } })).toEqual([]);
  const waiting = { ...runningSide(''), phase: 'waiting', device: null, problem } as const;
  expect(after({ input: waiting })).toEqual(['input: no device: it was pulled out']);
  const fallback = { ...runningSide('Built-in'), isFallback: true, problem };
  expect(after({ input: fallback })).toEqual(['input: Built-in (fallback): it was pulled out']);
});

it('tells who begins and who ends to talk, also by leaving', () => {
  expect(after({ speakers: new Map([[7, talkingSpeaker]]) })).toEqual(['user 7 talks']);
  const silent = { ...talkingSpeaker, isTalking: false };
  expect(after({ speakers: new Map([[7, silent]]) })).toEqual(['user 7 is silent']);
  const whispering = { ...talkingSpeaker, isWhispering: true };
  expect(after({ speakers: new Map([[7, whispering]]) })).toEqual(['user 7 whispers']);
  isShown = false;
  expect(after({ speakers: new Map() })).toEqual(['user 7 is silent']);
});

it('tells when it begins and ends to transmit, and of what failed', () => {
  expect(after({ isTransmitting: true })).toEqual(['transmitting']);
  expect(after({ isTransmitting: false })).toEqual(['transmitting no longer']);
  const problem = { code: 'internal', message: 'a thread died' } as const;
  expect(after({ problem })).toEqual(['no sound: a thread died']);
});

it('tells levels now and then, once it runs', () => {
  expect(after({ phase: 'running' }, 5_000)).toEqual(['in silent, out silent']);
  expect(after({ speakers: new Map() }, 5_999)).toEqual([]);
  const speakers = new Map([[7, { ...talkingSpeaker, isTalking: false }]]);
  expect(after({ speakers }, 6_000)).toEqual([
    'in silent, out silent; user 7 delay 41 ms, lost 0.0 %',
  ]);
});
