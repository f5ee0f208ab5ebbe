/**
 * Plain data as a text that is the same wherever the data is: keys are sorted, what is undefined is
 * left out. Maps, sets and bytes have forms of their own. Pure.
 *
 * @throws TypeError for what is no plain data
 */
export function canonicalText(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'null';
    case 'boolean':
      return String(value);
    case 'string':
      return JSON.stringify(value);
    case 'number':
      // Both zeros are one.
      return Number.isFinite(value) ? String(value + 0) : `#${value}`;
    case 'bigint':
      return `#${value}n`;
    case 'object':
      return value === null ? 'null' : canonicalObject(value);
    default:
      throw new TypeError(`a ${typeof value} is no plain data`);
  }
}

/** @returns SHA-256 of the canonical text as of the call, 64 hexadecimal digits */
export async function stateHash(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalText(value));
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** By the name of a part of the state: its `stateHash`. */
export type PartHashes = Readonly<Record<string, string>>;

/** The hash of each own property. All of it is read before this returns; it may change after. */
export async function partHashes(state: object): Promise<PartHashes> {
  const hashed = Object.entries(state).map(async ([name, part]) => [name, await stateHash(part)]);
  return Object.fromEntries(await Promise.all(hashed)) as PartHashes;
}

function canonicalObject(value: object): string {
  if (value instanceof Uint8Array) return `#x"${hexOf(value)}"`;
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`;
  if (value instanceof Map) return `#m{${entriesText([...value], canonicalText)}}`;
  if (value instanceof Set) return `#s[${[...value].map(canonicalText).sort().join()}]`;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return `{${entriesText(entries, JSON.stringify)}}`;
}

function entriesText<Key>(
  entries: readonly (readonly [Key, unknown])[],
  keyText: (key: Key) => string,
): string {
  return entries
    .map(([key, value]) => `${keyText(key)}:${canonicalText(value)}`)
    .sort()
    .join();
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
