import type { Uuid } from './messages.js';
import type { Permission } from './permissions.js';
import type { Role } from './roles.js';

/**
 * What the HTTP interface of a server tells as JSON: of the server, which makes it, and of the
 * console, which reads it. Times are milliseconds since 1970. Stress tests are in `stressTest.ts`.
 */

/** Who is logged in, and may do on the server. */
export interface Me {
  readonly userId: Uuid;
  readonly displayName: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
}

/** What a login and a renewal are answered with. */
export interface GrantedTokens {
  readonly accessToken: string;
  /** Seconds for which the access token is good. */
  readonly expiresIn: number;
  /** Good once, for a renewal. */
  readonly refreshToken: string;
}

/** Of the server's process, and of how late its event loop was. */
export interface ProcessFigures {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Of the last second; null where nobody looked yet. */
  readonly loopDelayMs: { readonly mean: number; readonly max: number } | null;
}

/**
 * What a console draws, once a second. Totals are since the start, and the same as those of
 * `/metrics`: rates are for whoever sees two of them.
 */
export interface LiveFigures extends ProcessFigures {
  readonly atMs: number;
  readonly uptimeSeconds: number;
  readonly connections: number;
  readonly sessions: number;
  readonly rooms: number;
  readonly speakers: number;
  readonly isDraining: boolean;
  readonly certificate: {
    /** When it ends, and from when on somebody should look after it; ms since 1970. */
    readonly validToMs: number;
    readonly warnFromMs: number;
    /** Made by the server itself, given as files, or issued by ACME. */
    readonly source: 'own' | 'files' | 'acme';
    /** Why there is no newer one; null where nothing went wrong. */
    readonly fault: string | null;
    /** When ACME is asked next; null where it is not set up. */
    readonly nextTryMs: number | null;
  };
  readonly voice: {
    readonly packetsIn: number;
    readonly packetsOut: number;
    readonly framesIn: number;
    readonly framesOut: number;
    readonly bytesIn: number;
    readonly bytesOut: number;
    /** By reason, without those that never were. */
    readonly drops: Readonly<Record<string, number>>;
    /** Bucket b: frames relayed within 2^(b − 1) … 2^b − 1 µs. */
    readonly relayDelay: readonly number[];
  };
  readonly quic: { readonly packetsIn: number; readonly packetsOut: number };
  /** By thread. */
  readonly threadSeconds: Readonly<Record<string, number>>;
}

/** Somebody came, went, or went elsewhere. */
export interface PersonHappening {
  readonly kind: 'came' | 'went' | 'moved';
  readonly atMs: number;
  readonly userId: Uuid;
  readonly displayName: string;
  /** Where it happened; null for no room. */
  readonly roomId: Uuid | null;
}

/** Somebody did, or was refused, what the audit log tells of. */
export interface ActHappening {
  readonly kind: 'act';
  readonly atMs: number;
  /** Those of the audit log. */
  readonly action: string;
  /** null where the server did it by itself. */
  readonly actorId: Uuid | null;
  readonly targetId: Uuid | null;
  readonly roomId: Uuid | null;
  readonly detail: string;
  readonly isRefused: boolean;
}

/** Something that those are told who look on from outside. */
export type Happening = PersonHappening | ActHappening;

/** What has happened since it was told last. */
export interface Happened {
  /** The oldest first. */
  readonly happenings: readonly Happening[];
  /** How many more there were. */
  readonly leftOut: number;
  /** Tokens of the sessions that talk. */
  readonly talkers: readonly number[];
}

/** What a backup is at. */
export type BackupPhase = 'files' | 'database' | 'check';

/** A backup that was made, or failed, or is made now. */
export interface BackupRun {
  readonly name: string;
  readonly startedAtMs: number;
  readonly phase: BackupPhase | 'done' | 'failed';
  /** What went wrong; '' where nothing did. */
  readonly fault: string;
}

/** A backup that is there. */
export interface KeptBackup {
  readonly name: string;
  readonly madeAtMs: number;
  readonly bytes: number;
}

/** All about backups. */
export interface BackupList {
  /** Where they are, on the server's machine. */
  readonly folder: string;
  /** The last one since the start; null where there was none. */
  readonly running: BackupRun | null;
  readonly backups: readonly KeptBackup[];
}

/** A file that somebody has sent in a room. */
export interface UploadEntry {
  readonly uploadId: Uuid;
  readonly userId: Uuid;
  /** '' where nobody knows. */
  readonly userName: string;
  readonly roomId: Uuid;
  readonly name: string;
  readonly sizeBytes: number;
  readonly startedAtMs: number;
  /** null while it is under way. */
  readonly mediaType: string | null;
  /** Of the message that shows it. */
  readonly messageId: string | null;
}

/** A page of files, by id. */
export interface UploadPage {
  readonly uploads: readonly UploadEntry[];
  /** What the next page is asked for by; null where this is the last. */
  readonly nextId: Uuid | null;
}

/** All that there is to say of a key of the configuration. */
export interface SettingDescription<Key extends string = string> {
  readonly key: Key;
  readonly type: 'number' | 'text' | 'choice' | 'path';
  /** null where it depends on the machine or nothing holds; `defaultText` says what then. */
  readonly default: string | number | null;
  readonly defaultText: string | null;
  readonly description: string;
  /** Which values there are, in words. */
  readonly allowed: string;
  readonly unit: string | null;
  readonly range: { readonly min: number; readonly max: number } | null;
  readonly choices: readonly string[] | null;
  readonly placeholder: string;
  readonly reload: 'live' | 'restart';
  readonly secret: boolean;
  /** Its variable of the environment. */
  readonly variable: string;
}

/** Which of the places where a value may stand it was taken from. */
export type ConfigSource = 'default' | 'file' | 'variable' | 'option';

/** What holds for a key now. */
export interface EffectiveSetting<Key extends string = string> {
  readonly key: Key;
  /** null where there is none, and for each secret. */
  readonly value: string | number | null;
  /** Also of secrets. */
  readonly isSet: boolean;
  /** Where the value stands that the next start would take. */
  readonly source: ConfigSource;
  /** Another value was given since the start and waits for the next. */
  readonly needsRestart: boolean;
}

/** A key, what it means and what holds. */
export type Setting = SettingDescription & EffectiveSetting;

/** The whole configuration. */
export interface SettingList {
  /** Where it is kept, on the server's machine. */
  readonly file: string;
  readonly settings: readonly Setting[];
}

/** How much a line of the log matters. */
export const lineLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LineLevel = (typeof lineLevels)[number];

/** A line of the log, taken apart. */
export interface LogLine<Part extends string = string> {
  /** Counts up from 1 without gaps; tells where to go on. */
  readonly number: number;
  readonly timeMs: number;
  readonly level: LineLevel;
  /** null for lines of no part. */
  readonly part: Part | null;
  readonly message: string;
  /** All that was given beside the message. */
  readonly fields: Readonly<Record<string, unknown>>;
}
