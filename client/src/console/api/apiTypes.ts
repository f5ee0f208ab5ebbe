import type { RoomInfo, SessionInfo } from '@rookery/schemas/messages';
import type { Permission } from '@rookery/schemas/permissions';
import type { Role } from '@rookery/schemas/roles';

/** Who is logged in, and may do on the server. */
export interface Me {
  readonly userId: string;
  readonly displayName: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
}

/** What a login and a renewal are answered with. */
export interface Granted {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Once a second; totals are since the server started. */
export interface LiveFigures {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly uptimeSeconds: number;
  readonly connections: number;
  readonly sessions: number;
  readonly rooms: number;
  readonly speakers: number;
  readonly isDraining: boolean;
  readonly cpuSeconds: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly loopDelayMs: { readonly mean: number; readonly max: number } | null;
  readonly voice: {
    readonly packetsIn: number;
    readonly packetsOut: number;
    readonly framesIn: number;
    readonly framesOut: number;
    readonly bytesIn: number;
    readonly bytesOut: number;
    readonly drops: Readonly<Record<string, number>>;
    readonly relayDelay: readonly number[];
  };
  readonly quic: { readonly packetsIn: number; readonly packetsOut: number };
  readonly threadSeconds: Readonly<Record<string, number>>;
}

/** Something that happened on the server. */
export type Happening =
  | {
      readonly kind: 'came' | 'went' | 'moved';
      readonly atMs: number;
      readonly userId: string;
      readonly displayName: string;
      readonly roomId: string | null;
    }
  | {
      readonly kind: 'act';
      readonly atMs: number;
      readonly action: string;
      readonly actorId: string | null;
      readonly targetId: string | null;
      readonly detail: string;
      readonly isRefused: boolean;
    };

export interface Happened {
  readonly happenings: readonly Happening[];
  readonly leftOut: number;
  /** Session tokens. */
  readonly talkers: readonly number[];
}

export type { RoomInfo, SessionInfo };

export interface BackupRun {
  readonly name: string;
  readonly startedAtMs: number;
  readonly phase: 'files' | 'database' | 'check' | 'done' | 'failed';
  readonly fault: string;
}

export interface KeptBackup {
  readonly name: string;
  readonly madeAtMs: number;
  readonly bytes: number;
}

export interface UploadEntry {
  readonly uploadId: string;
  readonly userName: string;
  readonly roomId: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly startedAtMs: number;
  readonly mediaType: string | null;
}

/** A key of the configuration, what it means and what holds. */
export interface Setting {
  readonly key: string;
  readonly type: 'text' | 'number' | 'choice' | 'path' | (string & {});
  readonly description: string;
  readonly allowed: string;
  readonly unit: string | null;
  readonly choices: readonly string[] | null;
  readonly defaultText: string | null;
  readonly default: string | number | null;
  readonly reload: 'live' | 'restart';
  readonly secret: boolean;
  readonly value: string | number | null;
  readonly isSet: boolean;
  readonly source: string;
  readonly needsRestart: boolean;
}

export interface LogLine {
  readonly number: number;
  readonly timeMs: number;
  readonly level: string;
  readonly part: string | null;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
