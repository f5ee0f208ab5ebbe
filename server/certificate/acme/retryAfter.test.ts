import { expect, test } from 'vitest';
import { readRetryAfter } from './retryAfter.js';

const nowMs = Date.parse('2030-01-01T00:00:00Z');

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Tue, 01 Jan 2030 01:00:00 GMT', 3_600_000],
  ['Tuesday, 01-Jan-30 01:00:00 GMT', 3_600_000],
  ['Tue Jan  1 01:00:00 2030 GMT', 3_600_000],
  ['Mon, 31 Dec 2029 23:00:00 GMT', 0],
])('reads %j', (header, waitMs) => {
  expect(readRetryAfter(header, nowMs)).toBe(waitMs);
});

test.each([undefined, '', 'soon', '-5', '1.5', '2030-01-01', 'Tue, 99 Jan 2030', '12 s'])(
  'takes %j for nothing that is said',
  (header) => {
    expect(readRetryAfter(header, nowMs)).toBeNull();
  },
);
