import { z } from 'zod';
import { ClientError } from '../../engine/clientError.js';
import type { Output } from '../output.js';
import { openAdmin, readAnswer } from './adminCommand.js';
import type { AdminClient } from './adminClient.js';
import type { AdminOptions } from './loginCommand.js';

const value = z.union([z.string(), z.number(), z.null()]);
const setting = z.object({
  key: z.string(),
  type: z.string(),
  description: z.string(),
  allowed: z.string(),
  value,
  isSet: z.boolean(),
  defaultText: z.string().nullable(),
  source: z.string(),
  secret: z.boolean(),
  needsRestart: z.boolean(),
});
type Setting = z.infer<typeof setting>;
const settingsAnswer = z.object({ file: z.string(), settings: z.array(setting) });
const changesAnswer = z.object({
  changes: z.array(
    z.object({
      key: z.string(),
      applied: z.array(z.string()),
      needRestart: z.array(z.string()),
      file: z.string(),
      overriddenBy: z.enum(['option', 'variable']).nullable(),
    }),
  ),
});
type Change = z.infer<typeof changesAnswer>['changes'][number];

/** Prints all keys of the configuration, or one with what it means. @param key null for all */
export async function showSettings(
  options: AdminOptions,
  key: string | null,
  output: Output,
): Promise<void> {
  const client = await openAdmin(options);
  const { file, settings } = await settingsOf(client);
  if (key === null) {
    const width = Math.max(...settings.map((one) => one.key.length));
    const lines = settings.map((one) => `${one.key.padEnd(width)}  ${wordsOf(one)}`);
    output.table({ event: 'settings', file, settings }, [`# ${file}`, ...lines]);
    return;
  }
  const found = requireSetting(settings, key);
  const lines = [`${key}  ${wordsOf(found)}`, `${found.description} (${found.allowed})`];
  output.table({ event: 'setting', ...found }, lines);
}

/**
 * Changes one key in the file of the server, and says when it counts.
 *
 * @param given null takes the key out of the file
 * @throws ClientError `invalidInput` for a key that there is not, `commandRefused`
 */
export async function changeSetting(
  options: AdminOptions,
  key: string,
  given: string | null,
  output: Output,
): Promise<void> {
  const client = await openAdmin(options);
  const { type, secret } = requireSetting((await settingsOf(client)).settings, key);
  const isNumber = type === 'number' && given !== null && /^-?\d+(\.\d+)?$/.test(given);
  const body = { [key]: isNumber ? Number(given) : given };
  const answer = await client.ask({ method: 'PATCH', path: '/settings', body });
  const { changes } = readAnswer(changesAnswer, answer, client);
  for (const change of changes) {
    const shown = given === null ? 'is taken out' : secret ? 'is changed' : `is ${given}`;
    output.result({ event: 'settingChanged', ...change }, `${key} ${shown}${whenOf(change)}`);
  }
}

async function settingsOf(client: AdminClient): Promise<z.infer<typeof settingsAnswer>> {
  const answer = await client.ask({ method: 'GET', path: '/settings' });
  return readAnswer(settingsAnswer, answer, client);
}

function requireSetting(settings: readonly Setting[], key: string): Setting {
  const found = settings.find((one) => one.key === key);
  if (found !== undefined) return found;
  const keys = settings.map((one) => one.key).join(', ');
  throw new ClientError('invalidInput', `there is no setting "${key}"; there are ${keys}`);
}

function wordsOf({ value: held, isSet, defaultText, source, needsRestart }: Setting): string {
  const shown = held ?? (isSet ? '(secret)' : `(${defaultText ?? 'none'})`);
  return `${shown}  [${source}${needsRestart ? ', another from the next start' : ''}]`;
}

function whenOf({ key, applied, needRestart, overriddenBy, file }: Change): string {
  if (overriddenBy !== null) {
    return ` in ${file}, but the ${overriddenBy} counts that the server was started with`;
  }
  if (applied.includes(key)) return ' from now on';
  return needRestart.includes(key) ? ' from the next start of the server' : ', as it was before';
}
