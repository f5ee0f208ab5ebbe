import { expect, test } from 'vitest';
import type { Report } from './proof.js';
import { proofSummary, proofTable } from './proofTable.js';

const reports: readonly Report[] = [
  { part: 'quiche', result: 'proved', what: 'handshake', figure: '3 ms' },
  { part: 'PortAudio', result: 'skipped', what: 'no sound device', figure: '' },
];

test('lines the columns up and ends no line with blanks', () => {
  expect(proofTable(reports)).toEqual([
    'part       result   what was seen    figure',
    '---------  -------  ---------------  ------',
    'quiche     proved   handshake        3 ms',
    'PortAudio  skipped  no sound device',
  ]);
});

test('sums up the results', () => {
  expect(proofSummary(reports)).toBe('1 passed, 0 failed, 1 skipped');
  expect(proofSummary([{ ...reports[0]!, result: 'failed' }])).toBe('0 passed, 1 failed');
});
