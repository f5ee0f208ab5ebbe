import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { ConfigSource } from '@rookery/schemas/adminApi';
import { ServerError } from '../errors.js';
import { parseCommandLine, type GivenOptions } from './commandLine.js';
import {
  layerOfOptions,
  layerOfToml,
  layerOfVariables,
  resolvePaths,
  type ConfigLayer,
} from './configLayers.js';
import { configDefaults, configKeys, type ConfigKey, type ConfigValues } from './configSchema.js';
import { serverConfigOf, type ServerConfig } from './serverConfig.js';

/** Where values come from besides the command line. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly workingDirectory: string;
}

/** A whole configuration, and where each of its values stands. */
export interface LoadedConfig {
  readonly config: ServerConfig;
  readonly values: ConfigValues;
  readonly sources: Readonly<Record<ConfigKey, ConfigSource>>;
  /** Where the file of settings is, or would be. */
  readonly file: string;
}

export type CommandLineResult =
  /** `--help` or `--version`: print it and stop. */
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'run';
      readonly config: ServerConfig;
      readonly output: 'text' | 'json';
      /** To read the configuration again. */
      readonly given: GivenOptions;
    };

/** Names another file than `rookery.toml` in the data directory. */
const configVariable = 'ROOKERY_CONFIG';

/** Those of the client's commands, which may stand in the same environment. */
const clientVariables = [
  'ROOKERY_ACCOUNT_PASSWORD',
  'ROOKERY_NEW_PASSWORD',
  'ROOKERY_BOT_PASS',
  'ROOKERY_OWNER_TOKEN',
  'ROOKERY_SERVER_ADMIN',
  'ROOKERY_PASSPHRASE',
  'ROOKERY_NEW_PASSPHRASE',
] as const;

/** A configuration is a page, not a book. */
const configFileBytesMax = 65_536;

/**
 * Reads the configuration: defaults, then `rookery.toml`, then `ROOKERY_…` variables, then
 * command-line options; the later one wins, but each is checked.
 *
 * @param argv options only, without program and script
 * @throws ServerError `invalidConfig`, naming key, value, source and what is allowed
 */
export function loadConfig(argv: readonly string[], around: Surroundings): CommandLineResult {
  const line = parseCommandLine(argv);
  if (line.kind === 'text') return line;
  const { config } = readConfig(line, around);
  return { kind: 'run', config, output: line.output, given: line };
}

/**
 * The same for options that were parsed before.
 *
 * @param newText what the file would hold, in place of what it holds
 * @throws ServerError `invalidConfig`
 */
export function readConfig(
  given: GivenOptions,
  around: Surroundings,
  newText?: string,
): LoadedConfig {
  const { fromOptions, fromVariables, defaults, file, isNamed } = place(given, around);
  const fileText = newText ?? textOf(file, isNamed);
  const fromFile = fileText === null ? {} : layerOfToml(fileText, file);
  if (!isNamed) refuseLeadingAway(fromFile, file);
  const values: ConfigValues = { ...defaults, ...fromFile, ...fromVariables, ...fromOptions };
  const sources = sourcesOf({ file: fromFile, variable: fromVariables, option: fromOptions });
  return { config: serverConfigOf(values), values, sources, file };
}

/**
 * The file of settings as it stands, which may be no configuration.
 *
 * @throws ServerError `invalidConfig` where it cannot be read, or what says where it is
 */
export function readConfigText(
  given: GivenOptions,
  around: Surroundings,
): { readonly file: string; readonly text: string } {
  const { file } = place(given, around);
  return { file, text: textOf(file, false) ?? '' };
}

/** All but the file itself. */
function place({ options, configFile }: GivenOptions, around: Surroundings) {
  const { workingDirectory, env } = around;
  const fromOptions = resolvePaths(layerOfOptions(options), workingDirectory);
  const fromVariables = resolvePaths(
    layerOfVariables(env, new Set([configVariable, ...clientVariables])),
    workingDirectory,
  );
  const defaults = { ...configDefaults, data: defaultDataDirectory(around) };
  const named = configFile ?? env[configVariable];
  const data = fromOptions.data ?? fromVariables.data ?? defaults.data;
  const file = named === undefined ? join(data, 'rookery.toml') : resolve(workingDirectory, named);
  return { fromOptions, fromVariables, defaults, file, isNamed: named !== undefined };
}

/** @returns null where there is none and none was named */
function textOf(file: string, isNamed: boolean): string | null {
  return isNamed || existsSync(file) ? readConfigFile(file) : null;
}

/** `$XDG_DATA_HOME/rookery`, else `~/.local/share/rookery` (XDG base directories 0.8). */
function defaultDataDirectory(around: Surroundings): string {
  const xdg = around.env['XDG_DATA_HOME'];
  return xdg !== undefined && isAbsolute(xdg)
    ? join(xdg, 'rookery')
    : join(around.homeDirectory, '.local', 'share', 'rookery');
}

function sourcesOf(
  layers: Readonly<Record<Exclude<ConfigSource, 'default'>, ConfigLayer>>,
): Record<ConfigKey, ConfigSource> {
  const order = ['option', 'variable', 'file'] as const;
  const entries = configKeys.map((key) => [
    key,
    order.find((source) => layers[source][key] !== undefined) ?? 'default',
  ]);
  return Object.fromEntries(entries) as Record<ConfigKey, ConfigSource>;
}

function refuseLeadingAway({ data }: ConfigLayer, file: string): void {
  if (data === undefined) return;
  throw new ServerError(
    'invalidConfig',
    `Key "data" in ${file} (value "${data}") would lead away from the file itself. ` +
      `Allowed: give --data or ROOKERY_DATA, or name the file with --config.`,
  );
}

function readConfigFile(file: string): string {
  try {
    const { size } = statSync(file);
    if (size <= configFileBytesMax) return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerError('invalidConfig', `Cannot read the configuration ${file}: ${reason}.`, {
      cause,
    });
  }
  throw new ServerError(
    'invalidConfig',
    `${file} is too long for a configuration. Allowed: ${configFileBytesMax} bytes.`,
  );
}
