/** One line of the tree of a state. */
export interface StateRow {
  /** Where it stands; unique. */
  readonly path: string;
  readonly depth: number;
  readonly name: string;
  /** What it is, in short: a value, or what it holds. */
  readonly text: string;
  readonly isOpen: boolean;
  readonly hasChildren: boolean;
}

/** A tree of more rows is cut: nobody reads as many. */
export const stateRowsMax = 1_000;
/** Places that a search shows. */
export const foundMax = 100;
/** What a search looks at: a state of thousands of people is searched within a moment. */
const visitedMax = 200_000;
const textMax = 120;
const separator = '/';

/**
 * The rows of a tree of plain data: its own properties, and what is beneath those that are open. It
 * looks at nothing that is folded. Pure.
 */
export function stateRows(root: object, openPaths: ReadonlySet<string>): readonly StateRow[] {
  const rows: StateRow[] = [];
  addRows(root, '', 0, openPaths, rows);
  return rows;
}

function addRows(
  holder: object,
  prefix: string,
  depth: number,
  openPaths: ReadonlySet<string>,
  rows: StateRow[],
): void {
  for (const [name, value] of entriesOf(holder)) {
    if (rows.length >= stateRowsMax) return;
    const path = prefix + name;
    const holder = isHolder(value) && sizeOf(value) > 0 ? value : null;
    const hasChildren = holder !== null;
    const isOpen = hasChildren && openPaths.has(path);
    rows.push({ path, depth, name, text: shortText(value), isOpen, hasChildren });
    if (isOpen) addRows(holder, path + separator, depth + 1, openPaths, rows);
  }
}

/**
 * Paths of what has the words in its name or value, the parts on the way not among them. Pure.
 *
 * @param words compared without case; '' finds nothing
 */
export function foundPaths(root: object, words: string): readonly string[] {
  const wanted = words.trim().toLowerCase();
  const found: string[] = [];
  if (wanted === '') return found;
  const waiting: (readonly [prefix: string, holder: object])[] = [['', root]];
  let visited = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [prefix, holder] = next;
    const beneath: (readonly [string, object])[] = [];
    for (const [name, value] of entriesOf(holder)) {
      if (found.length >= foundMax || ++visited > visitedMax) return found;
      const isInside = isHolder(value);
      const text = isInside ? name : `${name} ${shortText(value)}`;
      if (text.toLowerCase().includes(wanted)) found.push(prefix + name);
      if (isInside) beneath.push([prefix + name + separator, value]);
    }
    waiting.push(...beneath.reverse());
  }
  return found;
}

/** What has to be open so that a path shows. Pure. */
export function pathsAbove(path: string): readonly string[] {
  const names = path.split(separator);
  return names.slice(1).map((_, i) => names.slice(0, i + 1).join(separator));
}

function isHolder(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

function sizeOf(holder: object): number {
  return holder instanceof Map || holder instanceof Set ? holder.size : Object.keys(holder).length;
}

function entriesOf(holder: object): Iterable<readonly [string, unknown]> {
  if (holder instanceof Map) return mapEntries(holder);
  if (holder instanceof Set) return Object.entries([...holder]);
  return Object.entries(holder);
}

function* mapEntries(map: ReadonlyMap<unknown, unknown>): Iterable<readonly [string, unknown]> {
  for (const [key, value] of map) yield [String(key), value];
}

function shortText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (value instanceof Map) return `Map (${value.size})`;
  if (value instanceof Set) return `Set (${value.size})`;
  if (value instanceof Uint8Array) return `${value.length} B`;
  if (isHolder(value)) return '{}';
  if (typeof value === 'string') return JSON.stringify(value).slice(0, textMax);
  if (typeof value === 'number') return String(Math.round(value * 1_000) / 1_000);
  return String(value);
}
