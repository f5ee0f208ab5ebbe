// Reads the descriptions of control messages (schemas/control/*.fbs) for documentation: the part
// of the FlatBuffers language that they are written in, and no more.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A table, with its fields, or an enum, with its values; each with what is said of it.
 *
 * @typedef {{ name: string, text: string, type: string, value: number | null }} Member
 * @typedef {{ kind: 'table' | 'enum', name: string, file: string, text: string, type: string,
 *   members: Member[] }} Definition
 */

/**
 * @param {string} folder with the files
 * @returns {Map<string, Definition>} by name, in the order of files and lines
 */
export function readMessageSchemas(folder) {
  const found = new Map();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.fbs'))) {
    const source = readFileSync(join(folder, file), 'utf8');
    for (const definition of definitionsIn(source, file)) found.set(definition.name, definition);
  }
  return found;
}

/**
 * @param {string} source
 * @param {string} file its name
 * @returns {Definition[]}
 * @throws Error for a line that is not understood: better than to leave a field out
 */
export function definitionsIn(source, file) {
  const found = [];
  let current = null;
  const text = [];
  const said = () => text.splice(0).join(' ');
  for (const line of unfolded(source)
    .split('\n')
    .map((one) => one.trim())) {
    const comment = /^\/\/\/ ?(.*)$/.exec(line);
    if (comment !== null) {
      text.push(comment[1]);
      continue;
    }
    if (line === '' || line.startsWith('//') || outside.test(line)) continue;
    const opening = /^(table|enum|union) (\w+)(?::(\w+))? \{$/.exec(line);
    if (opening !== null) {
      const [, kind, name, type = ''] = opening;
      current = { kind, name, file, text: said(), type, members: [] };
    } else if (line === '}') {
      if (current.kind !== 'union') found.push(current);
      current = null;
    } else if (current === null) {
      throw new Error(`${file}: what is this? ${line}`);
    } else if (current.kind !== 'union') {
      current.members.push(memberOf(line, said(), current, file));
    }
  }
  return found;
}

/** Enums of few values stand in one line. */
function unfolded(source) {
  return source.replaceAll(/^(enum \w+:\w+ \{)(.*)\}$/gm, (_line, head, values) =>
    [head, ...values.split(','), '}'].join('\n'),
  );
}

/** What stands beside tables and enums. */
const outside = /^(namespace|include|root_type|file_identifier) /;

function memberOf(line, text, { kind, members }, file) {
  if (kind === 'table') {
    const field = /^(\w+):([\w[\]]+)(?: = (\w+))?( \(deprecated\))?;$/.exec(line);
    if (field === null) throw new Error(`${file}: no field: ${line}`);
    const [, name, type, usual, deprecated] = field;
    const notes = [
      ...(text === '' ? [] : [text]),
      ...(usual === undefined ? [] : [`Where it is left out: ${usual}.`]),
      ...(deprecated === undefined ? [] : ['Not used any more.']),
    ];
    return { name, type, text: notes.join(' '), value: null };
  }
  const entry = /^(\w+)(?: = (\d+))?,?$/.exec(line);
  if (entry === null) throw new Error(`${file}: no value: ${line}`);
  const [, name, given] = entry;
  const value = given === undefined ? (members.at(-1)?.value ?? -1) + 1 : Number(given);
  return { name, type: '', text, value };
}
