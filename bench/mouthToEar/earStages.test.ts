import { expect, test } from 'vitest';
import { medianStages, stagesOf, type ClickEvents } from './earStages.js';

/** Two clicks a second apart, each of whose devices takes 5 ms to capture and 7 ms to play. */
const events: ClickEvents = {
  spoken: [1_000, 2_000],
  overheard: [1_012, 2_012],
  captured: [1_012, 2_012],
  frames: [
    { capturedMs: 1_010, sentMs: 1_011, arrivedMs: 1_012 },
    { capturedMs: 1_030, sentMs: 1_032, arrivedMs: 1_033 },
    { capturedMs: 2_012, sentMs: 2_014, arrivedMs: 2_016 },
  ],
  rendered: [1_063, 2_036],
  taken: [1_073, 2_051],
  heard: [1_085, 2_063],
};

test('the parts of a click add up to the whole, without the devices at its ends', () => {
  const clicks = stagesOf(events);
  expect(clicks).toEqual([
    { devices: 12, capture: 20, network: 1, jitterBuffer: 30, playbackRing: 10, whole: 73 },
    { devices: 12, capture: 2, network: 2, jitterBuffer: 20, playbackRing: 15, whole: 51 },
  ]);
  for (const { whole, ...parts } of clicks) {
    expect(Object.values(parts).reduce((sum, ms) => sum + ms, 0)).toBe(whole);
  }
  expect(medianStages(clicks)).toMatchObject({ devices: 12, capture: 11, whole: 62 });
});

test('a click that was lost on its way does not count, nor is another one taken for it', () => {
  expect(stagesOf({ ...events, heard: [2_063] })).toHaveLength(1);
  expect(stagesOf({ ...events, rendered: [1_063] })).toHaveLength(1);
  expect(stagesOf({ ...events, frames: [] })).toEqual([]);
  const [first, second] = events.frames.slice(1);
  const lost = { ...first!, arrivedMs: NaN };
  expect(stagesOf({ ...events, frames: [lost, second!] })).toHaveLength(1);
});
