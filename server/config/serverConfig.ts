import type { Role } from '@rookery/schemas/roles';
import type { AbuseRule } from '../abuseLimits.js';
import type { RegistrationName } from '../accounts/registrationNames.js';
import type { BotRule } from '../bots/botDoor.js';
import { ServerError } from '../errors.js';
import type { LogFormat } from '../log/logFormat.js';
import { parseLogLevels, type LogLevels } from '../log/logLevels.js';
import type { CardRule } from '../session/serverCards.js';
import type { StreamLimits } from '../streamLimits.js';
import type { RetentionRule } from '../text/retention.js';
import { mebibyte, type UploadRule } from '../uploadLimits.js';
import type { AcmeConfig } from '../certificate/acme/acmeConfig.js';
import { acmeConfigOf } from './acmeKeys.js';
import { configSchema, type ConfigValues } from './configSchema.js';

const dayMs = 86_400_000;

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
  /** Which bots are let in. */
  readonly bots: BotRule;
  readonly serverCard: CardRule;
  readonly log: LogConfig;
  /** Folder for a CPU profile of each thread; null for none. */
  readonly cpuProfile: string | null;
  readonly name: string;
  /** Plain; whoever starts the server hashes it and keeps the hash alone. */
  readonly password: string | null;
  /** PEM files given instead of the self-made certificate. */
  readonly certificateFiles: { readonly certificate: string; readonly key: string } | null;
  /** How certificates are got by ACME; null where they are not. */
  readonly acme: AcmeConfig | null;
  /** What `rookery update` goes by; null: as the release that runs was made with. */
  readonly update: { readonly url: string | null; readonly key: string | null };
}

/** What is logged, and where. */
export interface LogConfig {
  readonly levels: LogLevels;
  readonly format: LogFormat;
  /** Also written to; rolled by day and size. */
  readonly file: { readonly path: string; readonly maxMib: number; readonly keep: number } | null;
}

/**
 * Checks what concerns several keys.
 *
 * @throws ServerError `invalidConfig`
 */
export function serverConfigOf(values: ConfigValues): ServerConfig {
  checkTogether(values);
  const { certificate, key } = values;
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
    bots: values.bots,
    serverCard: values['server-card'],
    log: logConfigOf(values),
    cpuProfile: values['cpu-profile'] ?? null,
    name: values.name,
    password: values.password ?? null,
    certificateFiles: certificate === undefined || key === undefined ? null : { certificate, key },
    acme: acmeConfigOf(values),
    update: { url: values['update-url'] ?? null, key: values['update-key'] ?? null },
  };
}

/** All that is wrong is said at once. @throws ServerError `invalidConfig` */
function checkTogether(values: ConfigValues): void {
  const { error } = configSchema.safeParse(values);
  if (error === undefined) return;
  throw new ServerError('invalidConfig', error.issues.map(({ message }) => message).join(' '));
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

function logConfigOf(values: ConfigValues): LogConfig {
  const path = values['log-file'];
  const file = { maxMib: values['log-max-mib'], keep: values['log-keep'] };
  return {
    levels: parseLogLevels(values['log-level']),
    format: values['log-format'],
    file: path === undefined ? null : { path, ...file },
  };
}
