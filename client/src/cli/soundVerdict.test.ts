import { expect, it } from 'vitest';
import { deviceOff } from '../engine/audio/device/deviceState.js';
import { audioOff, type AudioState } from '../engine/audioState.js';
import { runningSide } from './testing/soundScenes.js';
import { soundFindings } from './soundVerdict.js';

const fine: AudioState = {
  ...audioOff,
  phase: 'running',
  input: runningSide('Headset'),
  output: runningSide('Speakers'),
};

function findings(change: Partial<AudioState>, inputPeakDbfsMax = -12) {
  return soundFindings({ audio: { ...fine, ...change }, inputPeakDbfsMax });
}
const words = (...observed: Parameters<typeof findings>): string =>
  findings(...observed)
    .map((finding) => finding.words)
    .join('\n');
const codes = (...observed: Parameters<typeof findings>) =>
  findings(...observed).flatMap(({ code }) => (code === null ? [] : [code]));

it('finds nothing wrong where all is well', () => {
  expect(codes({})).toEqual([]);
  expect(words({})).toBe(
    'microphone: Headset at 48000 Hz\nit hears well (at its loudest -12 dB)\n' +
      'output: Speakers at 48000 Hz\nwhat was played had no gaps',
  );
});

it.each(['noAudioLibrary', 'noAudioDevice', 'audioDeviceInUse', 'audioNotAllowed'] as const)(
  'passes on what to do about %s',
  (code) => {
    const problem = { code, message: `do this about ${code}` };
    const output = { ...deviceOff, phase: 'waiting', problem } as const;
    expect(codes({ output })).toEqual([code]);
    expect(words({ output })).toContain(`output: do this about ${code}`);
  },
);

it('tells a muted microphone from a faint and from a loud one', () => {
  expect(codes({}, -120)).toEqual(['audioDeviceFailed']);
  expect(words({}, -120)).toContain('is it muted');
  expect(words({}, -50)).toContain('faint');
  expect(words({}, 0)).toContain('too loud');
  expect(codes({}, 0)).toEqual([]);
});

it('says that another device stands in, and that there were gaps', () => {
  const input = { ...runningSide('Built-in'), isFallback: true };
  const playback = { ...audioOff.playback, underruns: 3 };
  expect(words({ input, playback })).toMatch(/stands in for[^]*3 gaps/);
});

it('blames a dead thread before anything else', () => {
  const problem = { code: 'internal', message: 'the thread died' } as const;
  expect(findings({ problem })).toEqual([
    { code: 'internal', words: 'there is no sound: the thread died' },
  ]);
});
