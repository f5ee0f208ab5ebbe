import { describe, expect, it } from 'vitest';
import { deviceOff } from '../engine/audio/device/deviceState.js';
import { audioOff, silentLevels, type AudioState } from '../engine/audioState.js';
import { runningSide, talkingSpeaker } from './testing/soundScenes.js';
import { soundLines } from './soundScreen.js';

const names: Readonly<Record<number, string>> = { 7: 'Wren\x1b[2J', 8: 'Robin' };
const nameOf = (token: number): string => names[token] ?? `session ${token}`;

function linesOf(audio: Partial<AudioState>, columns = 100): string {
  return soundLines({ audio: { ...audioOff, ...audio }, nameOf, voice: '' }, columns).join('\n');
}

describe('the meters in a terminal', () => {
  it('show how loud the microphone is, and that it is sent', () => {
    const capture = {
      ...silentLevels.capture,
      microphone: { peakDbfs: -20, rmsDbfs: -30 },
      limiter: { peakDbfs: -20, rmsDbfs: -25 },
    };
    const levels = { ...silentLevels, capture, isClipping: true };
    const text = linesOf({ levels, isTransmitting: true });
    expect(text).toContain('#'.repeat(15) + '-'.repeat(15) + ']  -30 dB');
    expect(text).toMatch(/sent {2}-25 dB {2}TOO LOUD {2}TRANSMITTING/);
  });

  it('mark where speech opens the microphone', () => {
    const settings = { ...audioOff.settings, startsAbove: 0.5 };
    const levels = { ...silentLevels, voiceProbability: 1 };
    expect(linesOf({ settings, levels })).toContain(`[${'#'.repeat(15)}|${'#'.repeat(14)}]  100 %`);
    expect(linesOf({ settings: { ...settings, startsAbove: 1 } })).toContain('-|]    0 %');
  });

  it('show who talks before who does not, and what was lost', () => {
    const speakers = new Map([
      [7, { ...talkingSpeaker, isTalking: false }],
      [8, { ...talkingSpeaker, framesPlayed: 90, framesRecovered: 6, framesConcealed: 8 }],
    ]);
    const text = linesOf({ speakers });
    expect(text.indexOf('Robin')).toBeLessThan(text.indexOf('Wren'));
    expect(text).toMatch(/Robin +talks .*buffer {2}20 ms {2}delay {2}41 ms {2}lost 10\.0 %/);
  });

  it('obey nothing that a name commands, and end where the terminal does', () => {
    const text = linesOf({ speakers: new Map([[7, talkingSpeaker]]) }, 40);
    expect(text).not.toContain('\x1b');
    expect(text.split('\n').every((line) => line.length < 40)).toBe(true);
  });

  it('say what is wrong', () => {
    const problem = { code: 'noAudioDevice', message: 'plug one in' } as const;
    const input = { ...deviceOff, phase: 'waiting', problem } as const;
    const failed = { code: 'internal', message: 'a thread died' } as const;
    const text = linesOf({ input, output: runningSide('Speakers'), problem: failed });
    expect(text).toContain('input: waiting\n  plug one in');
    expect(text).toContain('output: Speakers');
    expect(text).toContain('no sound: a thread died');
  });

  it('do not grow with the room', () => {
    const speakers = new Map(Array.from({ length: 500 }, (_, at) => [at + 1, talkingSpeaker]));
    const text = linesOf({ speakers });
    expect(text).toContain('and 488 more');
    expect(text.split('\n').length).toBeLessThan(24);
  });
});
