import { createSampleRing, SpscSampleRing } from '@rookery/client/engine/audio/spscSampleRing';
import { expect, test } from 'vitest';
import { RingWatch, type WatchedSide } from './ringWatch.js';

const buffer10Ms = 2 * 480;

/** A stereo ring whose fifth buffer begins to sound after 120 samples. */
function onsetsAt(side: WatchedSide): number[] {
  const memory = createSampleRing(2_048);
  const ring = new SpscSampleRing(memory);
  const watch = new RingWatch({ name: 'ring', side, buffer: memory, channels: 2 });
  const onsets: number[] = [];
  const buffer = new Float32Array(buffer10Ms);
  for (let number = 0; number < 8; number++) {
    buffer.fill(number < 4 ? 0 : 0.5, number === 4 ? 240 : 0);
    ring.push(buffer);
    // The reader is one look behind.
    watch.look(number * 10, (atMs) => onsets.push(atMs));
    ring.pop(buffer);
    buffer.fill(0);
  }
  return onsets;
}

test('what a device captured was there before it was put into the ring', () => {
  expect(onsetsAt('captured')).toEqual([40 - 7.5]);
});

test('what was rendered is there from then on', () => {
  expect(onsetsAt('rendered')).toEqual([40 + 2.5]);
});

test('what was taken is looked at where the reader is', () => {
  expect(onsetsAt('taken')).toEqual([50 + 2.5]);
});

test('sound that goes on, or comes again at once, begins once', () => {
  const memory = createSampleRing(65_536);
  const ring = new SpscSampleRing(memory);
  const watch = new RingWatch({ name: 'ring', side: 'captured', buffer: memory, channels: 1 });
  const onsets: number[] = [];
  const sound = Float32Array.from({ length: 48_000 }, (_, i) => {
    if (i < 4_800) return i % 100 < 50 ? 0.5 : 0;
    return i >= 24_000 && i < 24_010 ? 0.5 : 0.03;
  });
  ring.push(sound);
  watch.look(1_000, (atMs) => onsets.push(atMs));
  expect(onsets).toEqual([0, 500]);
});
