import { chmodSync, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EffectiveSetting, SettingDescription } from '@rookery/schemas/adminApi';
import { ServerError } from '../errors.js';
import { writeWhole } from '../store/durableFile.js';
import type { GivenOptions } from './commandLine.js';
import { checkKey, checkValue } from './configLayers.js';
import {
  configDefaults,
  configKeys,
  describeKey,
  variableOf,
  type ConfigKey,
  type ConfigValues,
} from './configSchema.js';
import { readConfig, readConfigText, type LoadedConfig, type Surroundings } from './loadConfig.js';
import { serverConfigOf, type ServerConfig } from './serverConfig.js';
import { editToml } from './tomlEdit.js';

/** What came of reading the configuration again. */
export interface ReloadReport {
  /** Keys whose new values hold now. */
  readonly applied: readonly ConfigKey[];
  /** Keys whose values wait for the next start, of this reload and of those before. */
  readonly needRestart: readonly ConfigKey[];
}

/** What came of changing one key in the file. */
export interface KeyChange {
  readonly key: ConfigKey;
  /** Set where the file is not what counts for this key. */
  readonly overriddenBy: 'option' | 'variable' | null;
}

/** What came of changing keys in the file. */
export interface SetReport extends ReloadReport {
  readonly file: string;
  readonly keys: readonly KeyChange[];
}

/** Values by key; null removes a key from the file. */
export type KeyChanges = Readonly<Record<string, string | number | null>>;

/** Every key, in the order of the schema. */
export function describeSettings(): readonly SettingDescription<ConfigKey>[] {
  const defaults: Readonly<Record<string, string | number>> = configDefaults;
  return configKeys.map((key) => {
    const { kind, summary, unit, range, choices, defaultText, secret, ...rest } = describeKey(key);
    return {
      key,
      type: kind,
      default: defaults[key] ?? null,
      defaultText: defaultText ?? null,
      description: summary,
      allowed: rest.allowed,
      unit: unit ?? null,
      range: range ?? null,
      choices: choices ?? null,
      placeholder: rest.placeholder,
      reload: rest.reload,
      secret: secret === true,
      variable: variableOf(key),
    };
  });
}

/**
 * Value of a key that is no secret, as it may be shown.
 *
 * @returns null where there is none, and for each secret
 */
export function shownValue(values: ConfigValues, key: ConfigKey): string | number | null {
  return describeKey(key).secret === true ? null : (values[key] ?? null);
}

/** Told of each reload that changed something; gets what runs from now on. */
export type ConfigurationListener = (config: ServerConfig, keys: readonly ConfigKey[]) => void;

/**
 * The configuration of a server that runs: what holds, what the file says, and how to change it. A
 * configuration that cannot be read or contradicts itself changes nothing. Main thread; each call
 * reads or writes a small file before it returns.
 */
export class Configuration {
  readonly #given: GivenOptions;
  readonly #around: Surroundings;
  readonly #listeners = new Set<ConfigurationListener>();
  /** As it was read last. */
  #loaded: LoadedConfig;
  /** What the server runs with. */
  #running: ConfigValues;

  /** @throws ServerError `invalidConfig` */
  constructor(given: GivenOptions, around: Surroundings) {
    this.#given = given;
    this.#around = around;
    this.#loaded = readConfig(given, around);
    this.#running = this.#loaded.values;
  }

  /** Where the file of settings is, or would be made. */
  get file(): string {
    return this.#loaded.file;
  }

  /** What the server runs with. */
  get running(): ServerConfig {
    return serverConfigOf(this.#running);
  }

  /** What holds now, key by key. */
  effective(): readonly EffectiveSetting<ConfigKey>[] {
    return configKeys.map((key) => ({
      key,
      value: shownValue(this.#running, key),
      isSet: this.#running[key] !== undefined,
      source: this.#loaded.sources[key],
      needsRestart: this.#running[key] !== this.#loaded.values[key],
    }));
  }

  /** @returns its unsubscribe */
  follow(listener: ConfigurationListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Writes values to the file, all or none, keeps its comments, and reloads. What they say
   * together counts, so those that fit only together can be changed in one go.
   *
   * @throws ServerError `invalidConfig`: says key, value and what is allowed; nothing is changed
   */
  set(changes: KeyChanges): SetReport {
    const { text, loaded } = editConfig(this.#given, this.#around, changes);
    writeConfigFile(loaded.file, text);
    const keys = (Object.keys(changes) as ConfigKey[]).map((key): KeyChange => {
      const source = loaded.sources[key];
      return { key, overriddenBy: source === 'option' || source === 'variable' ? source : null };
    });
    return { ...this.reload(), file: loaded.file, keys };
  }

  /**
   * Reads the file again and applies what can be applied while the server runs.
   *
   * @throws ServerError `invalidConfig`, and nothing is changed
   */
  reload(): ReloadReport {
    const loaded = readConfig(this.#given, this.#around);
    const changed = configKeys.filter((key) => loaded.values[key] !== this.#running[key]);
    const applied = changed.filter((key) => describeKey(key).reload === 'live');
    const running = {
      ...this.#running,
      ...Object.fromEntries(applied.map((key) => [key, loaded.values[key]])),
    };
    const config = serverConfigOf(running);
    this.#loaded = loaded;
    this.#running = running;
    if (applied.length > 0) for (const listener of this.#listeners) listener(config, applied);
    const needRestart = changed.filter((key) => describeKey(key).reload === 'restart');
    return { applied, needRestart };
  }
}

/** The file with keys changed, in memory alone. */
export interface ConfigEdit {
  readonly text: string;
  /** What the whole would be then. */
  readonly loaded: LoadedConfig;
}

/**
 * Changes keys in the text of the file, and checks the whole. Nothing is written.
 *
 * @throws ServerError `invalidConfig`
 */
export function editConfig(
  given: GivenOptions,
  around: Surroundings,
  changes: KeyChanges,
): ConfigEdit {
  const { file, text: before } = readConfigText(given, around);
  let text = before;
  for (const [key, value] of Object.entries(changes)) {
    const source = `"${key}" in ${file}`;
    checkKey(key, value, () => source);
    const checked = value === null ? null : (checkValue(key, value, source) as string | number);
    text = editToml(text, key, checked);
  }
  return { text, loaded: readConfig(given, around, text) };
}

/**
 * Writes the file whole or not at all, also behind a link, and keeps its permissions.
 *
 * @throws ServerError `invalidConfig`
 */
export function writeConfigFile(file: string, text: string): void {
  try {
    if (!existsSync(file)) {
      // That of a server that never ran, which would make it for its user alone, too.
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeWhole(file, text);
      return;
    }
    const target = realpathSync(file);
    const { mode } = statSync(target);
    writeWhole(target, text);
    chmodSync(target, mode & 0o777);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerError('invalidConfig', `Cannot write the configuration ${file}: ${reason}.`, {
      cause,
    });
  }
}
