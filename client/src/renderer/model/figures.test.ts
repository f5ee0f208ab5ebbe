import { describe, expect, test } from 'vitest';
import { newVoiceCounters } from '@rookery/client/engine/voiceCounters';
import type { ClientState } from '@rookery/client/host/clientState';
import { figureLimits, isOverLimit } from './figureLimits.js';
import { figureIds, figuresBetween, readingOf, speakersBetween, type Reading } from './figures.js';

const speaker = {
  isTalking: true,
  isWhispering: false,
  levelDbfs: -20,
  depthMs: 40,
  jitterMs: 5,
  delayMs: 60,
  framesPlayed: 100,
  framesRecovered: 0,
  framesConcealed: 0,
  framesLate: 0,
  framesDuplicate: 0,
  samplesStretched: 0,
  payloadBytes: 1_000,
  frameMs: 20,
};

function reading(atMs: number, change: Partial<Reading> = {}): Reading {
  return {
    diagnostics: {
      atMs,
      controlRoundTripMs: 12,
      voice: newVoiceCounters(),
      sound: null,
      chaos: { outgoing: null, incoming: null },
      view: { resyncs: 0, unverified: 0 } as unknown as Reading['diagnostics']['view'],
      loop: { delayMeanMs: 1, delayP99Ms: 3, delayMaxMs: 9, busyPct: 4 },
      process: { cpuPct: 20, heapUsedBytes: 2 ** 20, heapTotalBytes: 0, residentBytes: 2 ** 21 },
    },
    voiceRoundTripMs: 15,
    capture: { frames: 0, framesDropped: 0, samplesLost: 0 },
    playback: { steps: 0, underruns: 0, lateSteps: 0 },
    speakers: new Map(),
    ...change,
  };
}

function withVoice(atMs: number, change: Partial<ReturnType<typeof newVoiceCounters>>): Reading {
  const { diagnostics, ...others } = reading(atMs);
  const voice = { ...newVoiceCounters(), ...change };
  return { ...others, diagnostics: { ...diagnostics, voice } };
}

describe('readingOf', () => {
  test('keeps what was, when the state changes in place', () => {
    const { diagnostics } = withVoice(1_000, { bytesReceived: 0 });
    const shell = { voice: { phase: 'closed' }, sessions: new Map(), rooms: new Map() };
    const audio = { speakers: new Map(), capture: {}, playback: {} };
    const state = { ...shell, audio, diagnostics } as unknown as ClientState;
    const before = readingOf(state)!;
    Object.assign(diagnostics, { atMs: 2_000 });
    Object.assign(diagnostics.voice!, { bytesReceived: 1_000 });
    expect(figuresBetween(before, readingOf(state)!).bitrateIn).toBe(8);
  });
});

describe('figuresBetween', () => {
  test('makes rates of what was counted', () => {
    const before = withVoice(1_000, { bytesReceived: 500, framesReceived: 10, framesSent: 5 });
    const now = withVoice(3_000, { bytesReceived: 2_500, framesReceived: 110, framesSent: 5 });
    const figures = figuresBetween(before, now);
    expect(figures).toMatchObject({ bitrateIn: 8, packetsIn: 50, packetsOut: 0 });
    expect(figures).toMatchObject({ pingControl: 12, pingVoice: 15, loopDelay: 3, heap: 1 });
  });

  test('adds up what was dropped, for whatever reason', () => {
    const now = withVoice(3_000, { droppedHopTag: 1, unsentDatagrams: 2, unsentNoKey: 100 });
    expect(figuresBetween(reading(1_000), now).drops).toBe(1.5);
  });

  test('tells nothing from counts that began anew', () => {
    const before = withVoice(1_000, { bytesReceived: 500 });
    expect(figuresBetween(before, withVoice(2_000, { bytesReceived: 20 })).bitrateIn).toBe(0);
  });

  test('has nothing to say of what is not there', () => {
    const { diagnostics, ...others } = reading(2_000, { voiceRoundTripMs: null });
    const nothing = { ...diagnostics, voice: null, controlRoundTripMs: null };
    const figures = figuresBetween(reading(1_000), { ...others, diagnostics: nothing });
    expect(figures).toMatchObject({ pingControl: null, bitrateIn: null, loss: null, jitter: null });
    expect(Object.keys(figures)).toEqual([...figureIds]);
  });

  test('says what share of the sound was lost, of all who were heard', () => {
    const before = reading(1_000, { speakers: new Map([[1, speaker]]) });
    // 90 frames of 20 ms came, 5 were brought back, and 100 ms were guessed.
    const later = { ...speaker, framesPlayed: 190, framesRecovered: 5, framesConcealed: 10 };
    const now = reading(3_000, { speakers: new Map([[1, later]]) });
    const figures = figuresBetween(before, now);
    expect(figures.loss).toBeCloseTo(10, 5);
    expect(figures).toMatchObject({ fec: 2.5, plc: 5, depth: 40, jitter: 5, delay: 60 });
  });
});

describe('speakersBetween', () => {
  test('tells each speaker by himself, and one who is new by nothing yet', () => {
    const before = reading(1_000, { speakers: new Map([[1, speaker]]) });
    const later = { ...speaker, framesPlayed: 180, framesConcealed: 40, payloadBytes: 11_000 };
    const now = reading(3_000, {
      speakers: new Map([
        [1, later],
        [2, speaker],
      ]),
    });
    const speakers = speakersBetween(before, now);
    expect(speakers.get(1)).toMatchObject({ lossPct: 20, kbps: 40, framesConcealed: 40 });
    expect(speakers.get(2)).toMatchObject({ lossPct: 0 });
  });
});

describe('isOverLimit', () => {
  test('is so above a limit, and never where there is none or nothing is known', () => {
    expect(isOverLimit('loss', figureLimits.loss + 0.1)).toBe(true);
    expect(isOverLimit('loss', figureLimits.loss)).toBe(false);
    expect(isOverLimit('loss', null)).toBe(false);
    expect(isOverLimit('bitrateIn', 1e9)).toBe(false);
  });
});
