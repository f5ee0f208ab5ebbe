import { expect, test } from 'vitest';
import { audioReport, audioVerdicts, type AudioFigures } from './audioReport.js';

const cost = (name: string, percent: number) => ({ name, us: percent * 100, percent });
const figures: AudioFigures = {
  capture: [cost('limiter', 0.05), cost('all of it', 14)],
  captureThread: cost('in its thread', 15),
  codec: [cost('decode', 0.18)],
  mix: [cost('twenty', 24)],
  playbackThread: cost('playing in its thread', 25),
  captureAllocations: { bytesPerStep: 0.2, where: [{ where: 'push (a.js:1)', bytes: 200 }] },
  playAllocations: { bytesPerStep: 0, where: [] },
};

const met = (changes: Partial<AudioFigures>) =>
  audioVerdicts({ ...figures, ...changes }).map(({ isMet }) => isMet);

test('judges the threads as they run', () => {
  expect(met({})).toEqual([true, true, true, true]);
  expect(met({ captureThread: cost('in its thread', 15.1) })).toEqual([false, true, true, true]);
  expect(met({ playbackThread: cost('in its thread', 25.1) })).toEqual([true, false, true, true]);
});

test('names who allocates', () => {
  const where = [{ where: 'push (a.js:1)', bytes: 16_000 }];
  const verdicts = audioVerdicts({ ...figures, playAllocations: { bytesPerStep: 16, where } });
  expect(verdicts[3]).toMatchObject({ isMet: false, figure: '16 bytes, most of it push (a.js:1)' });
});

test('shows every cost', () => {
  const text = audioReport(figures);
  const names = ['limiter', 'all of it', 'in its thread', 'decode', 'twenty'];
  for (const name of [...names, 'playing in its thread']) {
    expect(text).toContain(`| ${name} `);
  }
});
