import { isIP } from 'node:net';
import { workBitsMax } from '@rookery/schemas/joinWork';
import { normaliseName, type NameLimits } from '@rookery/schemas/names';
import { defaultPorts, fieldLimits } from '@rookery/schemas/protocol';
import { z } from 'zod';
import { isUpdateUrl, updateUrlAllowed } from '@rookery/schemas/release/releaseAddress';
import { isReleaseKey } from '@rookery/schemas/release/releaseManifest';
import { roles, type Role } from '@rookery/schemas/roles';
import { abuseLimits } from '../abuseLimits.js';
import { botRules } from '../bots/botDoor.js';
import { registrationNames } from '../accounts/registrationNames.js';
import { voiceLimits } from '../limits.js';
import { logFormats } from '../log/logFormat.js';
import { areLogLevels, logLevelsAllowed } from '../log/logLevels.js';
import { streamLimits } from '../streamLimits.js';
import { mebibyte, uploadLimits } from '../uploadLimits.js';
import { acmeDefaults, acmeKeys } from './acmeKeys.js';
import { contradictionsIn } from './contradictions.js';
import { choice, descriptionOf, path, text, wholeNumber, type KeyDescription } from './keyKinds.js';

const cardRules = ['shown', 'hidden'] as const;

/** Owners cannot be locked out, so nobody is one by coming. */
const rolesOfEveryone = roles.filter((role) => role !== 'owner') as [Role, ...Role[]];

const port = (summary: string) =>
  wholeNumber(0, 65_535, {
    summary,
    placeholder: 'PORT',
    unit: 'port',
    reload: 'restart',
    note: '0: any free port',
  });

/** More than machines have cores that could all carry one community's voice. */
const relayWorkersMax = 64;

/** A century, and more than anybody writes in it. */
const keepDaysMax = 36_525;
const keepMessagesMax = 100_000_000;

const failuresMax = 1_000;
const addressShareMax = 10_000;

const joinWork = (summary: string) =>
  wholeNumber(0, workBitsMax, {
    summary: `${summary}, in bits: each doubles it, 18 are a quarter of a second; 0: none`,
    placeholder: 'BITS',
    unit: 'bits',
    reload: 'live',
  });

/** More than a disk holds. */
const mebibytesMax = 1_000_000_000;

const mebibytes = (summary: string) =>
  wholeNumber(1, mebibytesMax, { summary, placeholder: 'MIB', unit: 'MiB', reload: 'live' });

/** As many streams as a client allows beside those of the shards. */
const hotRoomsMax = 16;

/** More than anybody reads. */
const messageRateMax = 10_000;

const coolDownSecondsMax = 3_600;

/** More than an editor opens, and more files than anybody looks through. */
const logFileMebibytesMax = 10_000;
const logFilesMax = 1_000;

/** RFC 1123: labels of letters, digits and hyphens, at most 253 characters. */
const hostName =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}))*$/;

const hostsAllowed = 'an IPv4 or IPv6 address, or a host name';

function isHost(text: string): boolean {
  return isIP(text) !== 0 || hostName.test(text);
}

const serverNameLimits: NameLimits = {
  field: 'name',
  bytesMax: fieldLimits.serverNameBytesMax,
  charactersMax: fieldLimits.serverNameBytesMax,
  separator: '',
};

function isServerName(text: string): boolean {
  try {
    normaliseName(text, serverNameLimits);
    return true;
  } catch {
    return false;
  }
}

function isPassword(text: string): boolean {
  const bytes = Buffer.byteLength(text);
  return bytes > 0 && bytes <= fieldLimits.passwordBytesMax && !/\p{Cs}/u.test(text);
}

const configKeySchemas = z.strictObject({
  data: path({
    summary: 'directory of identity, certificate and settings',
    placeholder: 'DIR',
    reload: 'restart',
    defaultText: '$XDG_DATA_HOME/rookery or ~/.local/share/rookery',
  }),
  host: text(isHost, {
    summary: 'address to listen on; "::" means all, IPv4 too',
    placeholder: 'ADDRESS',
    reload: 'restart',
    allowed: hostsAllowed,
  }),
  port: port('UDP port of the control connection (QUIC)'),
  'voice-port': port('UDP port of the voice plane'),
  'admin-port': port('TCP port of the admin interface, on loopback only'),
  'admin-tls-host': text(isHost, {
    summary: 'address where the admin interface answers other machines, over TLS',
    placeholder: 'ADDRESS',
    reload: 'restart',
    allowed: hostsAllowed,
    defaultText: 'nowhere',
  }).optional(),
  'admin-tls-port': port('TCP port of the admin interface over TLS'),
  'relay-workers': wholeNumber(1, relayWorkersMax, {
    summary: 'threads that relay voice',
    placeholder: 'COUNT',
    unit: 'threads',
    reload: 'restart',
    defaultText: 'one for each core',
  }).optional(),
  'bundle-window': wholeNumber(0, fieldLimits.bundleWindowMsMax, {
    summary: 'longest wait of a voice frame for others to travel with, when a room is busy',
    placeholder: 'MS',
    unit: 'ms',
    reload: 'restart',
  }),
  'hot-rooms': wholeNumber(0, hotRoomsMax, {
    summary: 'busy rooms that have a stream of their own on each connection',
    placeholder: 'COUNT',
    unit: 'rooms',
    reload: 'live',
  }),
  'hot-room-rate': wholeNumber(2, messageRateMax, {
    summary: 'messages a second above which a room gets one',
    placeholder: 'RATE',
    unit: 'messages/s',
    reload: 'live',
  }),
  'calm-room-rate': wholeNumber(1, messageRateMax, {
    summary: 'messages a second below which a room loses it again, after the cool-down',
    placeholder: 'RATE',
    unit: 'messages/s',
    reload: 'live',
  }),
  'hot-room-cool-down': wholeNumber(1, coolDownSecondsMax, {
    summary: 'how long a room has to be calm',
    placeholder: 'SECONDS',
    unit: 's',
    reload: 'live',
  }),
  'keep-days': wholeNumber(0, keepDaysMax, {
    summary: 'messages older than this are removed; 0: none for their age',
    placeholder: 'DAYS',
    unit: 'days',
    reload: 'live',
  }),
  'keep-messages': wholeNumber(0, keepMessagesMax, {
    summary: 'a room keeps its newest messages, this many; 0: all',
    placeholder: 'COUNT',
    unit: 'messages',
    reload: 'live',
  }),
  'file-size': mebibytes('largest file that people may upload, in MiB'),
  'user-quota': mebibytes('files kept of one user, in MiB'),
  'server-quota': mebibytes('files kept of all users, in MiB'),
  'keep-files': wholeNumber(0, keepDaysMax, {
    summary: 'files older than this are removed; 0: none that a message shows',
    placeholder: 'DAYS',
    unit: 'days',
    reload: 'live',
  }),
  'everyone-is': choice(rolesOfEveryone, {
    summary: 'role of those who were given none; `admin` for a server among friends',
    placeholder: 'ROLE',
    reload: 'restart',
  }),
  'ban-after': wholeNumber(0, failuresMax, {
    summary: 'failed logins and broken messages that shut an address out for a while; 0: never',
    placeholder: 'COUNT',
    unit: 'failures',
    reload: 'live',
  }),
  'address-share': wholeNumber(0, addressShareMax, {
    summary: 'everybody at one address may send as much as so many users; 0: without limit',
    placeholder: 'COUNT',
    unit: 'users',
    reload: 'restart',
  }),
  'join-work': joinWork('work that each login has to show'),
  'join-work-under-load': joinWork('the same while many wait for their password to be checked'),
  registration: choice(registrationNames, {
    summary: 'how those come in who are not registered; else whoever administers can set it',
    placeholder: 'KIND',
    reload: 'restart',
    defaultText: 'open, or password where there is one',
  }).optional(),
  bots: choice(botRules, {
    summary: 'programs that log in as bots: everywhere; of operators, by pass or from this machine',
    placeholder: 'RULE',
    reload: 'restart',
  }),
  'server-card': choice(cardRules, {
    summary: 'whether who has not logged in is told its name, how full it is and what it asks for',
    placeholder: 'RULE',
    reload: 'restart',
  }),
  'log-level': text(areLogLevels, {
    summary: 'least important log line to write, of all parts and of single ones',
    placeholder: 'LEVELS',
    reload: 'live',
    allowed: logLevelsAllowed,
  }),
  'log-format': choice(logFormats, {
    summary: 'form of the log on stderr; auto: for people on a terminal, JSON elsewhere',
    placeholder: 'FORMAT',
    reload: 'restart',
  }),
  'log-file': path({
    summary: 'also write the log to files, JSON; their names get the day and a number',
    placeholder: 'FILE',
    reload: 'restart',
    defaultText: 'stderr alone',
  }).optional(),
  'log-max-mib': wholeNumber(1, logFileMebibytesMax, {
    summary: 'size of a log file at which the next is begun; each day begins one, too',
    placeholder: 'MIB',
    unit: 'MiB',
    reload: 'restart',
  }),
  'log-keep': wholeNumber(1, logFilesMax, {
    summary: 'log files that are kept beside the one that is written',
    placeholder: 'COUNT',
    unit: 'files',
    reload: 'restart',
  }),
  'cpu-profile': path({
    summary: 'folder for a profile of each thread, written when the server stops',
    placeholder: 'DIR',
    reload: 'restart',
    defaultText: 'none is made',
  }).optional(),
  name: text(isServerName, {
    summary: 'what the server calls itself',
    placeholder: 'TEXT',
    reload: 'restart',
    allowed: `visible text of at most ${fieldLimits.serverNameBytesMax} bytes`,
  }).transform((given) => normaliseName(given, serverNameLimits)),
  password: text(isPassword, {
    summary: 'asked of everybody who logs in; prefer the variable, which others cannot see',
    placeholder: 'TEXT',
    reload: 'restart',
    allowed: `1 to ${fieldLimits.passwordBytesMax} bytes of text`,
    secret: true,
    defaultText: 'none',
  }).optional(),
  ...acmeKeys,
  certificate: path({
    summary: 'certificate chain to present (PEM, leaf first) instead of a self-made one',
    placeholder: 'FILE',
    reload: 'restart',
    defaultText: 'made at the first start',
  }).optional(),
  key: path({
    summary: 'private key of the certificate (PEM, P-256 or Ed25519)',
    placeholder: 'FILE',
    reload: 'restart',
    defaultText: 'made at the first start',
  }).optional(),
  'update-url': text(isUpdateUrl, {
    summary: 'where `rookery update` looks for releases: the address of their folder',
    placeholder: 'URL',
    reload: 'restart',
    allowed: updateUrlAllowed,
    defaultText: 'as the release was made with',
  }).optional(),
  'update-key': text(isReleaseKey, {
    summary: 'public key that releases must be signed by',
    placeholder: 'KEY',
    reload: 'restart',
    allowed: 'base64 of the 32 bytes of an Ed25519 public key',
    defaultText: 'as the release was made with',
  }).optional(),
});

export type ConfigKey = keyof typeof configKeySchemas.shape;
export type ConfigValues = z.infer<typeof configKeySchemas>;

/**
 * The one description of what can be configured: keys as they are written in `rookery.toml`, and
 * what they may not say together. The `ROOKERY_…` variables, the command-line options and their
 * help are derived from it. Values may be text (from variables and options) or TOML values.
 */
export const configSchema = configKeySchemas.superRefine((values, context) => {
  for (const message of contradictionsIn(values)) context.addIssue({ code: 'custom', message });
});

export const configKeys = Object.keys(configSchema.shape) as readonly ConfigKey[];

export function isConfigKey(key: string): key is ConfigKey {
  return Object.hasOwn(configSchema.shape, key);
}

/** What a person is told about a key. */
export function describeKey(key: ConfigKey): KeyDescription {
  const description = descriptionOf(configSchema.shape[key]);
  if (description === undefined) throw new Error(`the key ${key} is not described`);
  return description;
}

/** `voice-port` → `ROOKERY_VOICE_PORT`. */
export function variableOf(key: string): string {
  return `ROOKERY_${key.toUpperCase().replaceAll('-', '_')}`;
}

/** Values where nothing is given, but for those that depend on the user or the machine. */
export const configDefaults = {
  host: '::',
  port: defaultPorts.quic,
  'voice-port': defaultPorts.voice,
  'admin-port': defaultPorts.admin,
  'admin-tls-port': defaultPorts.adminTls,
  'bundle-window': voiceLimits.bundleWindowMs,
  'hot-rooms': streamLimits.hotRoomsMax,
  'hot-room-rate': streamLimits.hotMessagesPerSecond,
  'calm-room-rate': streamLimits.calmMessagesPerSecond,
  'hot-room-cool-down': streamLimits.coolDownMs / 1_000,
  'keep-days': 0,
  'keep-messages': 0,
  'file-size': uploadLimits.sizeBytesMax / mebibyte,
  'user-quota': uploadLimits.userBytesMax / mebibyte,
  'server-quota': uploadLimits.serverBytesMax / mebibyte,
  'keep-files': 0,
  'everyone-is': 'guest',
  'ban-after': abuseLimits.failures.failuresMax,
  'address-share': abuseLimits.addressShare,
  'join-work': abuseLimits.joinWork.bits,
  'join-work-under-load': abuseLimits.joinWork.bitsUnderLoad,
  bots: 'operators',
  'server-card': 'shown',
  'log-level': 'info',
  'log-format': 'auto',
  'log-max-mib': 64,
  'log-keep': 14,
  name: 'Rookery',
  ...acmeDefaults,
} as const satisfies Partial<ConfigValues>;
