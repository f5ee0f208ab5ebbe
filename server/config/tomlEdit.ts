import { parse, stringify } from 'smol-toml';
import { ServerError } from '../errors.js';

/**
 * Changes one key of a flat TOML file and leaves all else, comments too, as it stands.
 *
 * @param value null removes the key
 * @returns the new text
 * @throws ServerError `invalidConfig` where the file is written so that a line is not enough
 */
export function editToml(text: string, key: string, value: string | number | null): string {
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
  const at = lines.findIndex((line) => keyOfLine(line) === key);
  const assignment = value === null ? null : stringify({ [key]: value }).trimEnd();
  if (at === -1 && assignment !== null) lines.push(assignment);
  else if (assignment === null && at !== -1) lines.splice(at, 1);
  else if (assignment !== null) lines[at] = assignment + commentOf(lines[at]!);
  const edited = lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  if (!isOnlyChange(text, edited, key, value)) {
    throw new ServerError(
      'invalidConfig',
      `The file is written in a way in which "${key}" cannot be changed alone. Edit it by hand.`,
    );
  }
  return edited;
}

function keyOfLine(line: string): string | null {
  const found = /^\s*(?:([A-Za-z0-9_-]+)|"([^"\\]+)"|'([^']+)')\s*=/.exec(line);
  return found === null ? null : (found[1] ?? found[2] ?? found[3] ?? null);
}

/** What follows the value, with the spaces before it. A "#" may stand in the value, too. */
function commentOf(line: string): string {
  for (let at = line.indexOf('#'); at !== -1; at = line.indexOf('#', at + 1)) {
    const before = line.slice(0, at);
    if (parsed(before) !== null) return before.slice(before.trimEnd().length) + line.slice(at);
  }
  return '';
}

function isOnlyChange(
  before: string,
  after: string,
  key: string,
  value: string | number | null,
): boolean {
  const kept = Object.fromEntries(
    Object.entries(parsed(before) ?? {}).filter(([name]) => name !== key),
  );
  const expected = value === null ? kept : { ...kept, [key]: value };
  const found = parsed(after);
  return found !== null && sorted(found) === sorted(expected);
}

function sorted(table: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return parse(text);
  } catch {
    return null;
  }
}
