import { beforeEach, expect, it } from 'vitest';
import { audioOff } from '../../audioState.js';
import { captureTable, storedLevel } from '../capture/captureTable.js';
import { playbackTable, speakerTable } from '../playback/playbackTables.js';
import { newsIn, SoundMeter } from './soundMeter.js';

const tables = {
  capture: captureTable.allocate(1),
  playback: playbackTable.allocate(1),
  speakers: speakerTable.allocate(4),
};
let meter: SoundMeter;
beforeEach(() => {
  meter = new SoundMeter({
    capture: tables.capture.memory,
    playback: tables.playback.memory,
    speakers: tables.speakers.memory,
  });
});

it('reads what the threads of sound say', () => {
  const { peaks, rms, voiceProbability, isTransmitting, frames, framesDropped } =
    tables.capture.columns;
  peaks.store(0, 0, storedLevel(-6));
  rms.store(0, 0, storedLevel(-20));
  rms.store(0, 6, storedLevel(-12.5));
  voiceProbability.store(0, 870);
  isTransmitting.store(0, 1);
  frames.store(0, 50);
  framesDropped.store(0, 2);
  tables.playback.columns.levelMilliDbfs.store(0, -31_000);
  tables.playback.columns.underruns.store(0, 3);
  tables.speakers.columns.token.store(2, 77);
  tables.speakers.columns.isTalking.store(2, 1);
  tables.speakers.columns.delayUs.store(2, 41_000);
  const reading = meter.read(3);
  expect(reading).toMatchObject({
    isTransmitting: true,
    levels: { voiceProbability: 0.87, isClipping: false, outputRmsDbfs: -31 },
    capture: { frames: 50, framesDropped: 5, samplesLost: 0 },
    playback: { underruns: 3 },
  });
  expect(reading.levels.capture.microphone).toEqual({ peakDbfs: -6, rmsDbfs: -20 });
  expect(reading.levels.capture.limiter.rmsDbfs).toBe(-12.5);
  expect([...reading.speakers.keys()]).toEqual([77]);
  expect(reading.speakers.get(77)).toMatchObject({ isTalking: true, delayMs: 41 });
});

it('shows nothing while nothing changes, and what stays the same as the same object', () => {
  const first = meter.read(0);
  expect(newsIn(meter.read(0), first)).toBeNull();
  const shown = { ...audioOff, ...first };
  tables.speakers.columns.token.store(0, 5);
  const news = newsIn(meter.read(0), shown)!;
  expect(Object.keys(news)).toEqual(['speakers']);
  expect(news.speakers!.get(77)).toBe(first.speakers.get(77));
  expect(news.speakers!.has(5)).toBe(true);
});
