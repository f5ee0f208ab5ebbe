/** A version of SemVer 2.0.0: MAJOR.MINOR.PATCH, then what is before a release, then the build. */
const pattern = new RegExp(
  '^(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})' +
    '(?:-([0-9A-Za-z.-]{1,64}))?(?:\\+[0-9A-Za-z.-]{1,64})?$',
);

/** Whether a text is a version, and so safe as the name of a folder, too. */
export function isReleaseVersion(text: string): boolean {
  return pattern.test(text) && !text.includes('..');
}

/**
 * Orders two versions as SemVer 2.0.0, section 11, does; the build does not count. Pure.
 *
 * @returns below 0 where the first comes first, 0 where they are equal in rank
 * @throws RangeError for what is no version
 */
export function compareVersions(one: string, other: string): number {
  const [first, second] = [partsOf(one), partsOf(other)];
  for (let index = 0; index < 3; index++) {
    const difference = first.numbers[index]! - second.numbers[index]!;
    if (difference !== 0) return difference;
  }
  if (first.before === null || second.before === null) {
    return Number(first.before === null) - Number(second.before === null);
  }
  return compareBefore(first.before, second.before);
}

function partsOf(version: string): { numbers: readonly number[]; before: string | null } {
  const match = pattern.exec(version);
  if (match === null) throw new RangeError(`${version} is no version`);
  return { numbers: match.slice(1, 4).map(Number), before: match[4] ?? null };
}

function compareBefore(one: string, other: string): number {
  const [first, second] = [one.split('.'), other.split('.')];
  for (let index = 0; index < Math.max(first.length, second.length); index++) {
    const [left, right] = [first[index], second[index]];
    if (left === undefined || right === undefined) return first.length - second.length;
    if (left === right) continue;
    const [isLeftNumber, isRightNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (isLeftNumber && isRightNumber) return Number(left) - Number(right);
    if (isLeftNumber !== isRightNumber) return isLeftNumber ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return 0;
}
