/** Where something stands in a tree of plain data: property names, array indices, keys of maps. */
export type Path = readonly (string | number)[];

/**
 * What became different at one place. Places are of objects and maps; arrays change by their
 * elements in a row.
 */
export type Change =
  | { readonly kind: 'put'; readonly path: Path; readonly value: unknown }
  | { readonly kind: 'remove'; readonly path: Path }
  | {
      readonly kind: 'splice';
      readonly path: Path;
      readonly at: number;
      readonly removed: number;
      readonly added: readonly unknown[];
    };

/** Deeper than any state goes. What lies below is put whole. */
const depthMax = 16;

/**
 * Finds what changed between two trees of plain data: objects, arrays, maps with keys that are
 * strings or numbers, and leaves. Parts that are the same object are not looked into, so it costs
 * as much as was replaced. Pure.
 *
 * @param wholes properties of the tree whose entries are not looked into, but put as wholes: so
 *   their identity tells whoever holds one that it changed
 * @returns the changes that make a copy of `before` equal `after`, in order; none where nothing did
 */
export function changesBetween(
  before: unknown,
  after: unknown,
  wholes: readonly string[] = [],
): Change[] {
  const changes: Change[] = [];
  compare(before, after, [], changes, (path) => path.length === 2 && wholes.includes(`${path[0]}`));
  return changes;
}

type IsWhole = (path: Path) => boolean;

function compare(
  before: unknown,
  after: unknown,
  path: Path,
  changes: Change[],
  isWhole: IsWhole,
): void {
  if (Object.is(before, after)) return;
  if (path.length < depthMax && !isWhole(path)) {
    if (before instanceof Map && after instanceof Map) {
      compareMaps(before, after, path, changes, isWhole);
      return;
    }
    if (Array.isArray(before) && Array.isArray(after)) {
      compareArrays(before, after, path, changes);
      return;
    }
    if (isRecord(before) && isRecord(after)) {
      const [old, current] = [before, after].map((record) => new Map(Object.entries(record)));
      compareMaps(old!, current!, path, changes, isWhole);
      return;
    }
  }
  changes.push({ kind: 'put', path, value: after });
}

function compareMaps(
  before: ReadonlyMap<string | number, unknown>,
  after: ReadonlyMap<string | number, unknown>,
  path: Path,
  changes: Change[],
  isWhole: IsWhole,
): void {
  for (const [key, value] of after) {
    const old = before.get(key);
    if (Object.is(old, value) && (old !== undefined || before.has(key))) continue;
    if (before.has(key)) compare(old, value, [...path, key], changes, isWhole);
    else changes.push({ kind: 'put', path: [...path, key], value });
  }
  for (const key of before.keys()) {
    if (!after.has(key)) changes.push({ kind: 'remove', path: [...path, key] });
  }
}

/** What is the same at both ends stays: lists grow at one end and are cut at the other. */
function compareArrays(
  before: readonly unknown[],
  after: readonly unknown[],
  path: Path,
  changes: Change[],
): void {
  const grownBy = after.indexOf(before[0]);
  if (before.length > 0 && grownBy > 0) {
    compareGrownInFront(before, after, grownBy, path, changes);
    return;
  }
  const shift = shiftOf(before, after);
  let at = 0;
  if (shift > 0) changes.push({ kind: 'splice', path, at: 0, removed: shift, added: [] });
  const left = before.length - shift;
  const shorter = Math.min(left, after.length);
  while (at < shorter && Object.is(before[shift + at], after[at])) at++;
  let end = 0;
  while (
    end < shorter - at &&
    Object.is(before[before.length - 1 - end], after[after.length - 1 - end])
  ) {
    end++;
  }
  const [removed, added] = [left - at - end, after.slice(at, after.length - end)];
  if (removed > 0 || added.length > 0) changes.push({ kind: 'splice', path, at, removed, added });
}

/** @param grownBy how many stand in front of what was the first */
function compareGrownInFront(
  before: readonly unknown[],
  after: readonly unknown[],
  grownBy: number,
  path: Path,
  changes: Change[],
): void {
  let at = 1;
  while (at < before.length && Object.is(before[at], after[grownBy + at])) at++;
  const [removed, added] = [before.length - at, after.slice(grownBy + at)];
  if (removed > 0 || added.length > 0) changes.push({ kind: 'splice', path, at, removed, added });
  changes.push({ kind: 'splice', path, at: 0, removed: 0, added: after.slice(0, grownBy) });
}

/** @returns how many were cut off in front */
function shiftOf(before: readonly unknown[], after: readonly unknown[]): number {
  const [first] = after;
  if (after.length === 0 || Object.is(before[0], first)) return 0;
  return Math.max(0, before.indexOf(first));
}

/**
 * Changes a tree in place, and no more of it than changed.
 *
 * @throws RangeError where a change's place is not there: the tree is not the one it was made for
 */
export function applyChanges(root: object, changes: readonly Change[]): void {
  for (const change of changes) applyChange(root, change);
}

function applyChange(root: object, change: Change): void {
  if (change.kind === 'splice') {
    const list = placeAt(root, change.path);
    if (!Array.isArray(list)) throw notThere(change.path);
    list.splice(change.at, change.removed, ...change.added);
    return;
  }
  const key = change.path.at(-1);
  if (key === undefined) throw notThere(change.path);
  const holder = placeAt(root, change.path.slice(0, -1));
  if (holder instanceof Map) {
    if (change.kind === 'put') holder.set(key, change.value);
    else holder.delete(key);
  } else if (isRecord(holder)) {
    if (change.kind === 'put') setProperty(holder, key, change.value);
    else Reflect.deleteProperty(holder, key);
  } else {
    throw notThere(change.path);
  }
}

/** A name like `__proto__` is a name like any other. Assignment is what reactive objects notice. */
function setProperty(holder: Record<string, unknown>, key: string | number, value: unknown): void {
  if (key !== '__proto__') holder[key] = value;
  else Object.defineProperty(holder, key, { ...ownProperty, value });
}

const ownProperty = { writable: true, enumerable: true, configurable: true } as const;

function placeAt(root: object, path: Path): unknown {
  let place: unknown = root;
  for (const key of path) {
    if (place instanceof Map) place = (place as ReadonlyMap<string | number, unknown>).get(key);
    else if (isRecord(place) && Object.hasOwn(place, key)) place = place[key];
    else throw notThere(path);
  }
  return place;
}

function notThere(path: Path): RangeError {
  return new RangeError(`no such place in the state: ${path.join(' / ')}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
