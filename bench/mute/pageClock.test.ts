import { expect, test } from 'vitest';
import { clockOffset } from './pageClock.js';

test('believes the quickest answer, and says how wrong it may be', () => {
  const slow = { askedMs: 1_000, pageMs: 1_019, answeredMs: 1_020 };
  const quick = { askedMs: 2_000, pageMs: 2_006, answeredMs: 2_002 };
  expect(clockOffset([slow, quick, slow])).toEqual({ ms: 5, errorMsMax: 1 });
});
