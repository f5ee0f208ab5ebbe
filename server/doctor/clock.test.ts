import { expect, test } from 'vitest';
import { clockFinding, timeServiceFinding } from './clock.js';

const nowMs = Date.UTC(2026, 5, 1);

test('a clock that cannot be right is told', () => {
  expect(clockFinding(0, null)).toMatchObject({ verdict: 'bad' });
  expect(clockFinding(Date.UTC(2150, 0, 1), null)).toMatchObject({ verdict: 'bad' });
});

test('a clock behind the newest message is doubted, a little behind is not', () => {
  expect(clockFinding(nowMs, nowMs + 3_600_000)).toMatchObject({
    verdict: 'attention',
    text: expect.stringContaining('2026-06-01T01:00:00.000Z') as string,
  });
  expect(clockFinding(nowMs, nowMs + 1_000)).toMatchObject({ verdict: 'good' });
  expect(clockFinding(nowMs, nowMs - 3_600_000)).toMatchObject({ verdict: 'good' });
  expect(clockFinding(nowMs, null)).toMatchObject({ verdict: 'good' });
});

test('a clock that nobody sets is told, and so is one of which nothing is known', async () => {
  const verdictFor = async (answer: boolean | null) =>
    timeServiceFinding(() => Promise.resolve(answer));
  expect(await verdictFor(true)).toMatchObject({ verdict: 'good' });
  expect(await verdictFor(false)).toMatchObject({
    verdict: 'attention',
    text: expect.stringContaining('timedatectl set-ntp true') as string,
  });
  expect(await verdictFor(null)).toMatchObject({
    verdict: 'attention',
    text: expect.stringContaining('not known') as string,
  });
});
