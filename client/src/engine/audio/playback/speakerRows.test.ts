import { expect, test } from 'vitest';
import { noRow } from '../voiceRecords.js';
import { SpeakerRows } from './speakerRows.js';

test('only who speaks has a row, the same one until he goes', () => {
  const rows = new SpeakerRows(2);
  for (const token of [1, 2, 3]) rows.add(token);
  const [first, second] = [rows.rowOf(3), rows.rowOf(1)];
  expect([first, second].sort()).toEqual([0, 1]);
  expect([rows.rowOf(3), rows.rowOf(1)]).toEqual([first, second]);
  rows.remove(3);
  expect(rows.rowOf(2)).toBe(first);
  expect(rows.unlisted).toBe(0);
});

test('who finds no row is counted once, and a stranger takes none', () => {
  const rows = new SpeakerRows(1);
  rows.add(1);
  rows.add(2);
  expect(rows.rowOf(9)).toBe(noRow);
  expect(rows.rowOf(1)).toBe(0);
  for (let i = 0; i < 3; i++) expect(rows.rowOf(2)).toBe(noRow);
  expect(rows.unlisted).toBe(1);
  // Whoever comes again begins anew, and gives back what he had.
  rows.add(1);
  rows.remove(2);
  rows.remove(2);
  rows.add(2);
  expect(rows.rowOf(2)).toBe(0);
});
