import { isIP } from 'node:net';
import { workBitsMax } from '@rookery/schemas/joinWork';
import { normaliseName, type NameLimits } from '@rookery/schemas/names';
import { defaultPorts, fieldLimits } from '@rookery/schemas/protocol';
import { z } from 'zod';
import { roles } from '@rookery/schemas/roles';
import { abuseLimits } from '../abuseLimits.js';
import { registrationNames } from '../accounts/registrationNames.js';
import { voiceLimits } from '../limits.js';
import { botRules } from '../bots/botDoor.js';
import type { CardRule } from '../session/serverCards.js';
import { streamLimits } from '../streamLimits.js';
import { mebibyte, uploadLimits } from '../uploadLimits.js';

/** What a person is told about a key, in `--help` and when a value is refused. */
export interface KeyDescription {
  readonly summary: string;
  /** Name of the value in `--help`, such as `PORT`. */
  readonly placeholder: string;
  /** Which values there are, to stand after "Allowed:". */
  readonly allowed: string;
  /** Its value is never shown. */
  readonly secret?: true;
  /** What holds where nothing is given and `configDefaults` does not say it. */
  readonly defaultText?: string;
  /** A path: in a file it is meant relative to that file's directory. */
  readonly path?: true;
}

const descriptions = z.registry<KeyDescription>();

const cardRules = ['shown', 'hidden'] as const satisfies readonly CardRule[];

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** Owners cannot be locked out, so nobody is one by coming. */
const rolesOfEveryone = roles.filter((role) => role !== 'owner');

const pathCharactersMax = 4_096;
const path = (description: Omit<KeyDescription, 'path' | 'allowed'>) =>
  z
    .string()
    .min(1)
    .max(pathCharactersMax)
    .refine((text) => !text.includes('\0'))
    .register(descriptions, { ...description, path: true, allowed: 'a path' });

const wholeNumber = (min: number, max: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ])
    .pipe(z.int().min(min).max(max));

const port = (summary: string) =>
  wholeNumber(0, 65_535).register(descriptions, {
    summary,
    placeholder: 'PORT',
    allowed: 'a whole number from 0 to 65535 (0: any free port)',
  });

/** More than machines have cores that could all carry one community's voice. */
const relayWorkersMax = 64;

/** A century, and more than anybody writes in it. */
const keepDaysMax = 36_525;
const keepMessagesMax = 100_000_000;

const failuresMax = 1_000;
const addressShareMax = 10_000;

const joinWork = (summary: string) =>
  wholeNumber(0, workBitsMax).register(descriptions, {
    summary: `${summary}, in bits: each doubles it, 18 are a quarter of a second; 0: none`,
    placeholder: 'BITS',
    allowed: `a whole number from 0 to ${workBitsMax}`,
  });

/** More than a disk holds. */
const mebibytesMax = 1_000_000_000;

const mebibytes = (summary: string) =>
  wholeNumber(1, mebibytesMax).register(descriptions, {
    summary,
    placeholder: 'MIB',
    allowed: `a whole number from 1 to ${mebibytesMax}`,
  });

/** As many streams as a client allows beside those of the shards. */
const hotRoomsMax = 16;

/** More than anybody reads. */
const messageRateMax = 10_000;

const coolDownSecondsMax = 3_600;

/** RFC 1123: labels of letters, digits and hyphens, at most 253 characters. */
const hostName =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}))*$/;

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

/**
 * The one description of what can be configured: keys as they are written in `rookery.toml`. The
 * `ROOKERY_…` variables, the command-line options and their help are derived from it. Values may be
 * text (from variables and options) or TOML values.
 */
export const configSchema = z.strictObject({
  data: path({
    summary: 'directory of identity, certificate and settings',
    placeholder: 'DIR',
    defaultText: '$XDG_DATA_HOME/rookery or ~/.local/share/rookery',
  }),
  host: z
    .string()
    .refine((text) => isIP(text) !== 0 || hostName.test(text))
    .register(descriptions, {
      summary: 'address to listen on; "::" means all, IPv4 too',
      placeholder: 'ADDRESS',
      allowed: 'an IPv4 or IPv6 address, or a host name',
    }),
  port: port('UDP port of the control connection (QUIC)'),
  'voice-port': port('UDP port of the voice plane'),
  'admin-port': port('TCP port of the admin interface, on loopback only'),
  'admin-tls-host': z
    .string()
    .refine((text) => isIP(text) !== 0 || hostName.test(text))
    .optional()
    .register(descriptions, {
      summary: 'address where the admin interface answers other machines, over TLS',
      placeholder: 'ADDRESS',
      allowed: 'an IPv4 or IPv6 address, or a host name',
      defaultText: 'nowhere',
    }),
  'admin-tls-port': port('TCP port of the admin interface over TLS'),
  'relay-workers': wholeNumber(1, relayWorkersMax)
    .optional()
    .register(descriptions, {
      summary: 'threads that relay voice',
      placeholder: 'COUNT',
      allowed: `a whole number from 1 to ${relayWorkersMax}`,
      defaultText: 'one for each core',
    }),
  'bundle-window': wholeNumber(0, fieldLimits.bundleWindowMsMax).register(descriptions, {
    summary: 'longest wait of a voice frame for others to travel with, when a room is busy',
    placeholder: 'MS',
    allowed: `a whole number from 0 to ${fieldLimits.bundleWindowMsMax}`,
  }),
  'hot-rooms': wholeNumber(0, hotRoomsMax).register(descriptions, {
    summary: 'busy rooms that have a stream of their own on each connection',
    placeholder: 'COUNT',
    allowed: `a whole number from 0 to ${hotRoomsMax}`,
  }),
  'hot-room-rate': wholeNumber(2, messageRateMax).register(descriptions, {
    summary: 'messages a second above which a room gets one',
    placeholder: 'RATE',
    allowed: `a whole number from 2 to ${messageRateMax}`,
  }),
  'calm-room-rate': wholeNumber(1, messageRateMax).register(descriptions, {
    summary: 'messages a second below which a room loses it again, after the cool-down',
    placeholder: 'RATE',
    allowed: `a whole number from 1 to ${messageRateMax}`,
  }),
  'hot-room-cool-down': wholeNumber(1, coolDownSecondsMax).register(descriptions, {
    summary: 'how long a room has to be calm',
    placeholder: 'SECONDS',
    allowed: `a whole number from 1 to ${coolDownSecondsMax}`,
  }),
  'keep-days': wholeNumber(0, keepDaysMax).register(descriptions, {
    summary: 'messages older than this are removed; 0: none for their age',
    placeholder: 'DAYS',
    allowed: `a whole number from 0 to ${keepDaysMax}`,
  }),
  'keep-messages': wholeNumber(0, keepMessagesMax).register(descriptions, {
    summary: 'a room keeps its newest messages, this many; 0: all',
    placeholder: 'COUNT',
    allowed: `a whole number from 0 to ${keepMessagesMax}`,
  }),
  'file-size': mebibytes('largest file that people may upload, in MiB'),
  'user-quota': mebibytes('files kept of one user, in MiB'),
  'server-quota': mebibytes('files kept of all users, in MiB'),
  'keep-files': wholeNumber(0, keepDaysMax).register(descriptions, {
    summary: 'files older than this are removed; 0: none that a message shows',
    placeholder: 'DAYS',
    allowed: `a whole number from 0 to ${keepDaysMax}`,
  }),
  'everyone-is': z.enum(rolesOfEveryone).register(descriptions, {
    summary: 'role of those who were given none',
    placeholder: 'ROLE',
    allowed: rolesOfEveryone.join(', '),
  }),
  'ban-after': wholeNumber(0, failuresMax).register(descriptions, {
    summary: 'failed logins and broken messages that shut an address out for a while; 0: never',
    placeholder: 'COUNT',
    allowed: `a whole number from 0 to ${failuresMax}`,
  }),
  'address-share': wholeNumber(0, addressShareMax).register(descriptions, {
    summary: 'everybody at one address may send as much as so many users; 0: without limit',
    placeholder: 'COUNT',
    allowed: `a whole number from 0 to ${addressShareMax}`,
  }),
  'join-work': joinWork('work that each login has to show'),
  'join-work-under-load': joinWork('the same while many wait for their password to be checked'),
  registration: z
    .enum(registrationNames)
    .optional()
    .register(descriptions, {
      summary: 'how those come in who are not registered; else whoever administers can set it',
      placeholder: 'KIND',
      allowed: registrationNames.join(', '),
      defaultText: 'open, or password where there is one',
    }),
  'server-card': z.enum(cardRules).register(descriptions, {
    summary: 'whether who has not logged in is told its name, how full it is and what it asks for',
    placeholder: 'RULE',
    allowed: cardRules.join(', '),
  }),
  bots: z.enum(botRules).register(descriptions, {
    summary: 'programs that log in as bots: everywhere; of operators, by pass or from this machine',
    placeholder: 'RULE',
    allowed: botRules.join(', '),
  }),
  'log-level': z.enum(logLevels).register(descriptions, {
    summary: 'least important log line to write',
    placeholder: 'LEVEL',
    allowed: logLevels.join(', '),
  }),
  name: z
    .string()
    .refine(isServerName)
    .transform((text) => normaliseName(text, serverNameLimits))
    .register(descriptions, {
      summary: 'what the server calls itself',
      placeholder: 'TEXT',
      allowed: `visible text of at most ${fieldLimits.serverNameBytesMax} bytes`,
    }),
  password: z
    .string()
    .refine(isPassword)
    .optional()
    .register(descriptions, {
      summary: 'asked of everybody who logs in; prefer the variable, which others cannot see',
      placeholder: 'TEXT',
      allowed: `1 to ${fieldLimits.passwordBytesMax} bytes of text`,
      secret: true,
    }),
  certificate: path({
    summary: 'certificate chain to present (PEM, leaf first) instead of a self-made one',
    placeholder: 'FILE',
  }).optional(),
  key: path({
    summary: 'private key of the certificate (PEM, P-256 or Ed25519)',
    placeholder: 'FILE',
  }).optional(),
});

export type ConfigKey = keyof typeof configSchema.shape;
export type ConfigValues = z.infer<typeof configSchema>;

export const configKeys = Object.keys(configSchema.shape) as readonly ConfigKey[];

export function isConfigKey(key: string): key is ConfigKey {
  return Object.hasOwn(configSchema.shape, key);
}

export type LogLevel = (typeof logLevels)[number];

/** What a person is told about a key. */
export function describeKey(key: ConfigKey): KeyDescription {
  const schema = configSchema.shape[key];
  const description =
    descriptions.get(schema) ??
    (schema instanceof z.ZodOptional ? descriptions.get(schema.unwrap()) : undefined);
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
  'server-card': 'shown',
  bots: 'operators',
  'log-level': 'info',
  name: 'Rookery',
} as const satisfies Partial<ConfigValues>;
