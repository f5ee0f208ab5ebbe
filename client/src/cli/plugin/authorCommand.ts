import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { buildPlugin, readPlugin, type PluginFiles } from '@rookery/plugins/buildPlugin';
import { PluginError } from '@rookery/plugins/errors';
import { runTest, type RecordedAction } from '@rookery/plugins/testKit';
import { ClientError } from '../../engine/clientError.js';
import type { Output } from '../output.js';

/** Compiles a plugin. @param out null for `built` in its folder. @throws ClientError */
export async function build(folder: string, out: string | null, output: Output): Promise<void> {
  const target = out ?? join(folder, 'built');
  const { manifest, module } = await ofPlugin(() => buildPlugin(folder, target));
  const { name, version, sha256 } = manifest;
  const built = {
    event: 'pluginBuilt',
    name,
    version,
    sha256,
    bytes: module.length,
    folder: target,
  };
  output.result(built, `${name} ${version} is built in ${target}: ${module.length} bytes`);
}

/** Reads a plugin as it is handed on. @throws ClientError */
export function openPluginFolder(folder: string): Promise<PluginFiles> {
  return ofPlugin(() => readPlugin(folder));
}

/**
 * Runs a plugin against recorded events.
 *
 * @param expected file with the lines that it should print; null where nothing is compared
 * @throws ClientError `commandRefused` where it fails, or does something else
 */
export async function testPlugin(
  folder: string,
  events: string,
  expected: string | null,
  output: Output,
): Promise<void> {
  const plugin = await openPluginFolder(folder);
  const lines = await linesOf(events);
  const { actions, log, faults, refused } = await ofPlugin(() => runTest(plugin, lines));
  for (const { level, text } of log) output.progress({ event: 'pluginLog', level, text }, text);
  for (const action of actions) {
    output.result({ ...action, event: 'pluginAction', at: action.event }, JSON.stringify(action));
  }
  if (faults > 0) {
    throw new ClientError('commandRefused', `the plugin failed at ${faults} events; see above`);
  }
  if (expected !== null) compare(actions, await linesOf(expected));
  const words = `${actions.length} actions; ${refused} of its calls were refused`;
  output.progress({ event: 'pluginTested', actions: actions.length, refused }, words);
}

function compare(actions: readonly RecordedAction[], lines: readonly string[]): void {
  const wanted = lines.filter((line) => line.trim() !== '').map(jsonOf);
  const longest = Math.max(wanted.length, actions.length);
  for (let index = 0; index < longest; index += 1) {
    if (isDeepStrictEqual(wanted[index], actions[index])) continue;
    const [want, got] = [wanted[index], actions[index]].map((one) => JSON.stringify(one ?? null));
    throw new ClientError(
      'commandRefused',
      `action ${index + 1} is ${got}, and should be ${want} (null: none)`,
    );
  }
}

function jsonOf(line: string, index: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    const text = `line ${index + 1} of what is expected is no JSON`;
    throw new ClientError('invalidInput', text, { cause });
  }
}

async function linesOf(file: string): Promise<string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n');
  } catch (cause) {
    throw new ClientError('fileUnreadable', `${file} cannot be read: name another`, { cause });
  }
}

async function ofPlugin<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof PluginError)) throw cause;
    throw new ClientError('invalidInput', cause.message, { cause });
  }
}
