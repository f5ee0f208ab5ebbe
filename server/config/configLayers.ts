import { resolve } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { ServerError } from '../errors.js';
import { didYouMean } from './nearestName.js';
import {
  configKeys,
  configSchema,
  describeKey,
  isConfigKey,
  variableOf,
  type ConfigKey,
  type ConfigValues,
} from './configSchema.js';

/** Checked values of one source. */
export type ConfigLayer = Partial<ConfigValues>;

const shownCharactersMax = 80;

/**
 * @param text a `rookery.toml`
 * @param file its path, to name it and to resolve the paths in it
 * @throws ServerError `invalidConfig`
 */
export function layerOfToml(text: string, file: string): ConfigLayer {
  let table: Record<string, unknown>;
  try {
    table = parseToml(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trimEnd() : String(cause);
    throw new ServerError('invalidConfig', `${file} is not valid TOML. ${reason}`, { cause });
  }
  const layer = checkLayer(Object.entries(table), (key) => `"${key}" in ${file}`);
  return resolvePaths(layer, resolve(file, '..'));
}

/**
 * Reads every `ROOKERY_…` variable; those of `others` are known but belong to somebody else.
 * @throws ServerError `invalidConfig`
 */
export function layerOfVariables(
  env: Readonly<Record<string, string | undefined>>,
  others: ReadonlySet<string>,
): ConfigLayer {
  const keyOfVariable = new Map<string, string>(configKeys.map((key) => [variableOf(key), key]));
  const entries: [string, string][] = [];
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('ROOKERY_') || others.has(variable) || value === undefined) continue;
    const key = keyOfVariable.get(variable);
    if (key === undefined) {
      const known = [...keyOfVariable.keys(), ...others].join(', ');
      throw new ServerError(
        'invalidConfig',
        `Unknown variable ${variable} (value ${showUnknown(variable, value)}).` +
          `${didYouMean(variable, [...keyOfVariable.keys()])} Allowed: ${known}.`,
      );
    }
    entries.push([key, value]);
  }
  return checkLayer(entries, (key) => `variable ${variableOf(key)}`);
}

/** @throws ServerError `invalidConfig` */
export function layerOfOptions(options: Readonly<Record<string, unknown>>): ConfigLayer {
  return checkLayer(Object.entries(options), (key) => `option --${key}`);
}

/** Makes the paths of a layer absolute. */
export function resolvePaths(layer: ConfigLayer, directory: string): ConfigLayer {
  const resolved: Record<string, unknown> = { ...layer };
  for (const key of configKeys) {
    const value = layer[key];
    if (describeKey(key).kind === 'path' && typeof value === 'string') {
      resolved[key] = resolve(directory, value);
    }
  }
  return resolved;
}

function checkLayer(
  entries: readonly (readonly [string, unknown])[],
  sourceOf: (key: string) => string,
): ConfigLayer {
  const checked: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    checkKey(key, value, sourceOf);
    checked[key] = checkValue(key, value, sourceOf(key));
  }
  return checked;
}

/**
 * @param sourceOf says where a key stands, for people
 * @throws ServerError `invalidConfig` for a key that there is not
 */
export function checkKey(
  key: string,
  value: unknown,
  sourceOf: (key: string) => string,
): asserts key is ConfigKey {
  if (isConfigKey(key)) return;
  throw new ServerError(
    'invalidConfig',
    `Unknown key ${sourceOf(key)} (value ${showUnknown(key, value)}).` +
      `${didYouMean(key, configKeys)} Allowed: ${configKeys.join(', ')}.`,
  );
}

/**
 * @param source where the value stands, for people
 * @returns the value as it is used
 * @throws ServerError `invalidConfig`
 */
export function checkValue(key: ConfigKey, value: unknown, source: string): unknown {
  const result = configSchema.shape[key].safeParse(value);
  if (result.success && result.data !== undefined) return result.data;
  const { allowed, secret } = describeKey(key);
  const shown = secret === true ? 'not shown' : show(value);
  throw new ServerError(
    'invalidConfig',
    `Invalid value for ${source}: ${shown}. Allowed: ${allowed}.`,
  );
}

/** A mistyped key may still hold a secret. */
function showUnknown(key: string, value: unknown): string {
  return /pass|secret|token/i.test(key) ? 'not shown' : show(value);
}

/** A value as it may be shown to a person: one line, bounded. */
function show(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length <= shownCharactersMax ? text : `${text.slice(0, shownCharactersMax)}…`;
}
