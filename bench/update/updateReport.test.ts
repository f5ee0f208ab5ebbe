import { expect, test } from 'vitest';
import { benchVersions } from './benchInstallation.js';
import { judgeUpdates, type MeasuredUpdate } from './updateReport.js';

const good: MeasuredUpdate = {
  version: benchVersions.next,
  exitCode: 0,
  voice: { sent: 200, heard: 100, delayMsP99: 1, gapMsMax: 2_000 },
  versionAfter: benchVersions.next,
  sessionsAfter: 22,
  backAfterMs: Array.from({ length: 20 }, (_, index) => index * 100),
  failedAttempts: 0,
  spanMs: 2_900,
};

const isMet = (update: MeasuredUpdate) => judgeUpdates([update], 20).map((one) => one.isMet);

test('an update is good that is installed, with all back, in time', () => {
  expect(isMet(good)).toEqual([true, true, true]);
});

test.each<[string, Partial<MeasuredUpdate>, (boolean | null)[]]>([
  ['is not installed', { versionAfter: benchVersions.first, exitCode: 1 }, [false, true, true]],
  ['loses somebody', { backAfterMs: good.backAfterMs.slice(1) }, [true, false, true]],
  ['keeps somebody waiting', { spanMs: 3_100 }, [true, true, false]],
  ['leaves two unheard', { voice: { ...good.voice, gapMsMax: 3_100 } }, [true, true, false]],
])('an update is not that %s', (_what, change, verdicts) => {
  expect(isMet({ ...good, ...change })).toEqual(verdicts);
});

test('a broken release is to be undone, and its downtime has no bound', () => {
  const broken = { ...good, version: benchVersions.broken, exitCode: 1, spanMs: 20_000 };
  expect(isMet(broken)).toEqual([true, true, null]);
  expect(isMet({ ...broken, versionAfter: benchVersions.broken, exitCode: 0 })[0]).toBe(false);
});
