import { expect, test } from 'vitest';
import { compareVersions, isReleaseVersion } from './releaseVersion.js';

test('versions have the order of SemVer', () => {
  // As in section 11 of SemVer 2.0.0, and numbers above nine.
  const ordered = [
    ...['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-alpha.beta', '1.0.0-beta', '1.0.0-beta.2'],
    ...['1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '1.2.0', '1.10.0', '2.0.0'],
  ];
  for (let at = 1; at < ordered.length; at++) {
    const [earlier, later] = [ordered[at - 1]!, ordered[at]!];
    expect(compareVersions(earlier, later), `${earlier} ${later}`).toBeLessThan(0);
    expect(compareVersions(later, earlier), `${later} ${earlier}`).toBeGreaterThan(0);
  }
  expect(compareVersions('1.0.0+one', '1.0.0+two')).toBe(0);
});

test.each(['1.0', '01.0.0', '1.0.0/..', '../1.0.0', '1.0.0-a..b', '', '1.0.0\n', 'v1.0.0'])(
  'no version, and no name of a folder: %j',
  (text) => {
    expect(isReleaseVersion(text)).toBe(false);
  },
);
