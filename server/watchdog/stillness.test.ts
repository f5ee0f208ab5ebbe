import { expect, test } from 'vitest';
import { Stillness } from './stillness.js';

test('sees whoever does not beat for the time given, and not before', () => {
  const stillness = new Stillness(7, 500, 2_000);
  const looks = [7, 7, 7, 7, 7].map((beats) => stillness.look(beats));
  expect(looks).toEqual([false, false, false, false, true]);
});

test('begins anew with every beat, also where the count begins anew', () => {
  const stillness = new Stillness(0xfffffffe, 500, 1_000);
  const beats = [0xfffffffe, 0xffffffff, 0xffffffff, 0, 0, 0, 1];
  expect(beats.map((beat) => stillness.look(beat))).toEqual(beats.map(() => false));
  expect([1, 1, 1].map((beat) => stillness.look(beat))).toEqual([false, false, true]);
});
