import { expect, test } from 'vitest';
import { soundNames } from '@rookery/client/host/noticeNames';
import { ringEveryMs, soundRecipes } from './soundRecipes.js';

test.each(soundNames)('"%s" is short, soft, and none of the others', (name) => {
  const notes = soundRecipes[name];
  const endMs = Math.max(...notes.map(({ atMs, lengthMs }) => atMs + lengthMs));
  expect(endMs).toBeLessThan(ringEveryMs / 2);
  expect(Math.max(...notes.map(({ gain }) => gain))).toBeLessThanOrEqual(0.6);
  for (const note of notes) expect(note.hz).toBeGreaterThan(100);
  const alike = soundNames.filter(
    (other) => JSON.stringify(soundRecipes[other]) === JSON.stringify(notes),
  );
  expect(alike).toEqual([name]);
});
