import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { pluginEvents, type HostAnswer, type PluginEvent } from './abi.js';
import type { PluginFiles } from './buildPlugin.js';
import { PluginError } from './errors.js';
import type { PluginAction } from './hostInputs.js';
import { KeyValueStore } from './keyValueStore.js';
import { pluginLimits } from './limits.js';
import type { PluginManifest } from './manifest.js';
import type { PluginLogLine } from './pluginLog.js';
import { RunningPlugin } from './runningPlugin.js';

/** Something that a plugin had the host do, and at which event; 0 is its start. */
export interface RecordedAction {
  readonly event: number;
  readonly call: PluginAction['name'];
  readonly input: PluginAction['input'];
}

export interface TestRun {
  readonly actions: readonly RecordedAction[];
  readonly log: readonly PluginLogLine[];
  /** Events at which it failed. */
  readonly faults: number;
  /** Calls that were refused. */
  readonly refused: number;
}

const eventLine = z
  .object({ type: z.enum(pluginEvents) })
  .catchall(z.union([z.string(), z.number(), z.boolean(), z.null()]));
const answersLine = z.strictObject({
  answers: z.record(z.string(), z.looseObject({ ok: z.boolean() })),
});
type Answers = z.output<typeof answersLine>['answers'];

/** The time in a test, so that two runs are the same. */
const testTimeMs = 1_700_000_000_000;

/**
 * Runs a plugin against recorded events, as a host would, without one: in the sandbox, with what
 * its manifest asks for, an empty store, and the same time and chance in each run.
 *
 * @param lines one JSON object each: an event, or `{"answers":{"listUsers":{"ok":true}}}`, which
 *   says what functions answer from there on; without it each answers that
 * @throws PluginError `badFolder` for a line that is neither, or of a key that the plugin has not
 */
export async function runTest(plugin: PluginFiles, lines: readonly string[]): Promise<TestRun> {
  const folder = await mkdtemp(join(tmpdir(), 'rookery-plugin-test-'));
  try {
    return await runIn(folder, plugin, lines);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function runIn(
  folder: string,
  { manifest, module }: PluginFiles,
  lines: readonly string[],
): Promise<TestRun> {
  const steps = lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [readLine(line, index, manifest)],
  );
  const actions: RecordedAction[] = [];
  let answers: Answers = {};
  let event = 0;
  let seed = 0;
  const running = new RunningPlugin({
    ...{ name: manifest.name, module, settings: manifest.settings, limits: pluginLimits },
    permissions: manifest.permissions,
    store: await KeyValueStore.open(join(folder, 'store.json'), pluginLimits),
    carryOut: ({ name: call, input }) => {
      actions.push({ event, call, input });
      return (answers[call] ?? { ok: true }) as HostAnswer;
    },
    wallClockMs: () => testTimeMs,
    randomSeed: () => (seed += 1),
    onOff: () => undefined,
  });
  try {
    running.start();
    await running.idle();
    for (const step of steps) {
      if (step.answers !== null) {
        answers = step.answers;
        continue;
      }
      event += 1;
      running.send(step.event);
      await running.idle();
    }
  } finally {
    await running.close();
  }
  const { faults, refused } = running.counts;
  return { actions, log: running.log.lines, faults, refused };
}

/** What a line says. */
type Step =
  | { readonly event: PluginEvent; readonly answers: null }
  | { readonly event: null; readonly answers: Answers };

function readLine(line: string, index: number, { keys }: PluginManifest): Step {
  const json = jsonOf(line, index);
  const changed = answersLine.safeParse(json);
  if (changed.success) return { event: null, answers: changed.data.answers };
  const told = eventLine.safeParse(json);
  if (told.success) {
    const { type, name } = told.data;
    if (type !== 'key' || keys.some((key) => key.name === name)) {
      return { event: told.data, answers: null };
    }
    const text = `Line ${index + 1} presses the key "${String(name)}", which no [[keys]] names.`;
    throw new PluginError('badFolder', `${text} Add it to plugin.toml, or name another.`);
  }
  const text = `Line ${index + 1} is no event: give it a "type" (${pluginEvents.join(', ')}).`;
  throw new PluginError('badFolder', text);
}

function jsonOf(line: string, index: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new PluginError('badFolder', `Line ${index + 1} of the events is no JSON.`, { cause });
  }
}
