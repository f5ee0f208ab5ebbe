import { expect, test } from 'vitest';
import { soundProblemOf } from './soundProblem.js';

const device = {
  id: 'a',
  name: 'Headset',
  inputChannels: 1,
  outputChannels: 2,
  sampleRate: 48_000,
  isDefaultInput: true,
  isDefaultOutput: true,
};
const fine = { problem: null, isFallback: false, device };

test('says nothing of a device that runs', () => {
  expect(soundProblemOf(fine)).toBeNull();
});

test('names the device that is used in place of the chosen one', () => {
  const problem = { code: 'noAudioDevice', message: 'gone' } as const;
  const found = soundProblemOf({ ...fine, problem, isFallback: true });
  expect(found).toEqual({ kind: 'fallback', deviceName: 'Headset' });
});

test('knows what devices suffer from, and gives all else as it is', () => {
  const of = (code: 'audioNotAllowed' | 'internal') =>
    soundProblemOf({ ...fine, device: null, problem: { code, message: 'why' } });
  expect(of('audioNotAllowed')).toEqual({
    kind: 'known',
    code: 'audioNotAllowed',
    detail: 'why',
  });
  expect(of('internal')).toEqual({ kind: 'other', detail: 'why' });
});
