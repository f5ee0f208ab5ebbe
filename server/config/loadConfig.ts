import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import type { AbuseRule } from '../abuseLimits.js';
import type { BotRule } from '../bots/botDoor.js';
import type { RegistrationName } from '../accounts/registrationNames.js';
import { ServerError } from '../errors.js';
import type { Role } from '@rookery/schemas/roles';
import type { StreamLimits } from '../streamLimits.js';
import type { CardRule } from '../session/serverCards.js';
import type { RetentionRule } from '../text/retention.js';
import { mebibyte, type UploadRule } from '../uploadLimits.js';
import { parseCommandLine } from './commandLine.js';
import { configDefaults, type ConfigValues, type LogLevel } from './configSchema.js';
import {
  layerOfOptions,
  layerOfToml,
  layerOfVariables,
  resolvePaths,
  type ConfigLayer,
} from './configLayers.js';

/** What the server runs with. */
export interface ServerConfig {
  readonly dataDirectory: string;
  readonly host: string;
  readonly port: number;
  readonly voicePort: number;
  readonly adminPort: number;
  /** Where the admin interface answers other machines, over TLS; null: nowhere. */
  readonly adminTls: { readonly host: string; readonly port: number } | null;
  /** null: one for each core. */
  readonly relayWorkers: number | null;
  readonly bundleWindowMs: number;
  /** In place of the limits. */
  readonly streams: Partial<StreamLimits>;
  /** What every room keeps of its messages. */
  readonly retention: RetentionRule;
  /** In place of the limits. */
  readonly uploads: Partial<UploadRule>;
  /** In place of the limits. */
  readonly abuse: Partial<AbuseRule>;
  /** Role of those who were given none. */
  readonly everyoneIs: Role;
  /** How those come in who are not registered; null leaves it to those who administer. */
  readonly registration: RegistrationName | null;
  readonly serverCard: CardRule;
  /** Which bots are let in. */
  readonly bots: BotRule;
  readonly logLevel: LogLevel;
  readonly name: string;
  /** Plain; whoever starts the server hashes it and keeps the hash alone. */
  readonly password: string | null;
  /** PEM files given instead of the self-made certificate. */
  readonly certificateFiles: { readonly certificate: string; readonly key: string } | null;
}

/** Where values come from besides the command line. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
  readonly workingDirectory: string;
}

export type CommandLineResult =
  /** `--help` or `--version`: print it and stop. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'run'; readonly config: ServerConfig; readonly output: 'text' | 'json' };

/** Names another file than `rookery.toml` in the data directory. */
const configVariable = 'ROOKERY_CONFIG';

/** Those of the client's commands, which may stand in the same environment. */
const clientVariables = [
  'ROOKERY_ACCOUNT_PASSWORD',
  'ROOKERY_NEW_PASSWORD',
  'ROOKERY_PASSPHRASE',
  'ROOKERY_NEW_PASSPHRASE',
  'ROOKERY_BOT_PASS',
] as const;

const dayMs = 86_400_000;

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
  const { workingDirectory, env } = around;
  const fromOptions = resolvePaths(layerOfOptions(line.options), workingDirectory);
  const fromVariables = resolvePaths(
    layerOfVariables(env, new Set([configVariable, ...clientVariables])),
    workingDirectory,
  );
  const above = { ...fromVariables, ...fromOptions };
  const defaults = { ...configDefaults, data: defaultDataDirectory(around) };
  const configFile = line.configFile ?? env[configVariable];
  const fromFile =
    configFile === undefined
      ? layerOfDataDirectory(above.data ?? defaultDataDirectory(around))
      : layerOfFile(resolve(workingDirectory, configFile));
  const values: ConfigValues = { ...defaults, ...fromFile, ...above };
  return { kind: 'run', config: serverConfigOf(values), output: line.output };
}

/** `$XDG_DATA_HOME/rookery`, else `~/.local/share/rookery` (XDG base directories 0.8). */
function defaultDataDirectory(around: Surroundings): string {
  const xdg = around.env['XDG_DATA_HOME'];
  return xdg !== undefined && isAbsolute(xdg)
    ? join(xdg, 'rookery')
    : join(around.homeDirectory, '.local', 'share', 'rookery');
}

function layerOfDataDirectory(dataDirectory: string): ConfigLayer {
  const file = join(dataDirectory, 'rookery.toml');
  if (!existsSync(file)) return {};
  const layer = layerOfFile(file);
  if (layer.data === undefined) return layer;
  throw new ServerError(
    'invalidConfig',
    `Key "data" in ${file} (value "${layer.data}") would lead away from the file itself. ` +
      `Allowed: give --data or ROOKERY_DATA, or name the file with --config.`,
  );
}

function layerOfFile(file: string): ConfigLayer {
  return layerOfToml(readConfigFile(file), file);
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

/** Checks what concerns several keys. */
function serverConfigOf(values: ConfigValues): ServerConfig {
  const { certificate, key } = values;
  if ((certificate === undefined) !== (key === undefined)) {
    const [given, missing] = key === undefined ? ['certificate', 'key'] : ['key', 'certificate'];
    throw new ServerError(
      'invalidConfig',
      `"${given}" is given without "${missing}". Allowed: both, or neither.`,
    );
  }
  if (values.registration === 'password' && values.password === undefined) {
    throw new ServerError(
      'invalidConfig',
      '"registration" is "password", and "password" is not given. Allowed: both, or another one.',
    );
  }
  if (values.port !== 0 && values.port === values['voice-port']) {
    throw new ServerError(
      'invalidConfig',
      `"port" and "voice-port" are both ${values.port}. Allowed: two different UDP ports.`,
    );
  }
  if (values['file-size'] > values['user-quota'] || values['user-quota'] > values['server-quota']) {
    const sizes = `${values['file-size']}, ${values['user-quota']}, ${values['server-quota']}`;
    throw new ServerError(
      'invalidConfig',
      `"file-size", "user-quota" and "server-quota" are ${sizes} MiB. Allowed: each at least as ` +
        'large as the one before it.',
    );
  }
  if (values['calm-room-rate'] >= values['hot-room-rate']) {
    const rates = `${values['calm-room-rate']} and ${values['hot-room-rate']}`;
    throw new ServerError(
      'invalidConfig',
      `"calm-room-rate" and "hot-room-rate" are ${rates}. Allowed: the first below the second.`,
    );
  }
  return {
    dataDirectory: values.data,
    host: values.host,
    port: values.port,
    voicePort: values['voice-port'],
    adminPort: values['admin-port'],
    adminTls: adminTlsOf(values),
    relayWorkers: values['relay-workers'] ?? null,
    bundleWindowMs: values['bundle-window'],
    streams: {
      hotRoomsMax: values['hot-rooms'],
      hotMessagesPerSecond: values['hot-room-rate'],
      calmMessagesPerSecond: values['calm-room-rate'],
      coolDownMs: values['hot-room-cool-down'] * 1_000,
    },
    retention: { keepDays: values['keep-days'], keepMessages: values['keep-messages'] },
    uploads: uploadRuleOf(values),
    abuse: {
      failuresMax: values['ban-after'],
      addressShare: values['address-share'],
      workBits: values['join-work'],
      workBitsUnderLoad: values['join-work-under-load'],
    },
    everyoneIs: values['everyone-is'],
    registration: values.registration ?? null,
    serverCard: values['server-card'],
    bots: values.bots,
    logLevel: values['log-level'],
    name: values.name,
    password: values.password ?? null,
    certificateFiles: certificate === undefined || key === undefined ? null : { certificate, key },
  };
}

function adminTlsOf(values: ConfigValues): ServerConfig['adminTls'] {
  const host = values['admin-tls-host'];
  return host === undefined ? null : { host, port: values['admin-tls-port'] };
}

function uploadRuleOf(values: ConfigValues): UploadRule {
  const keepDays = values['keep-files'];
  return {
    sizeBytesMax: values['file-size'] * mebibyte,
    userBytesMax: values['user-quota'] * mebibyte,
    serverBytesMax: values['server-quota'] * mebibyte,
    keptMsMax: keepDays === 0 ? null : keepDays * dayMs,
  };
}
