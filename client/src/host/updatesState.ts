import type { ManifestFreshness } from '@rookery/schemas/release/manifestFreshness';
import type { FetchFaultCode } from '@rookery/transport/fetchFault';

/** A version of the client that is newer than this one, as its publisher signed it. */
export interface NewVersion {
  readonly version: string;
  /** ISO 8601. */
  readonly date: string;
  /** Where people get it: https. */
  readonly page: string;
  /** What is new in it, Markdown; '' where nothing was said. */
  readonly notes: string;
  /** For this machine; null where the release names none. */
  readonly file: NewVersionFile | null;
}

export interface NewVersionFile {
  readonly address: string;
  readonly name: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Each has words in every language: `updates.fault.CODE`. */
export type LookFaultCode = FetchFaultCode | 'unknownForm';

/** Why a look came to nothing. */
export interface LookFault {
  readonly code: LookFaultCode;
  /** What words of any language name: the status that is answered, an address; '' for nothing. */
  readonly fact: string;
  /** For the log: English. */
  readonly detail: string;
}

/** What came of a look at a release. */
export type LookOutcome =
  | { readonly kind: 'newest' }
  | { readonly kind: 'newer'; readonly version: NewVersion }
  /** The release is of a publisher who has no client there. */
  | { readonly kind: 'noClient' }
  | { readonly kind: 'unreachable'; readonly fault: LookFault }
  /** Not by the key that is trusted; nothing of it is believed. */
  | { readonly kind: 'notSigned' }
  /** Signed, but not one of today: nothing of it is believed. */
  | { readonly kind: 'stale'; readonly why: Exclude<ManifestFreshness, 'fresh'> }
  /** Signed, and yet of no use. */
  | { readonly kind: 'unusable'; readonly fault: LookFault };

/** Why nothing is asked. */
export type SourceProblem = 'noAddress' | 'noKey' | 'badAddress' | 'badKey';

/** What the client knows of newer versions of itself. */
export interface UpdatesState {
  readonly installedVersion: string;
  /** Of the folder of releases; null: nobody said where it is. */
  readonly address: string | null;
  readonly problem: SourceProblem | null;
  readonly isLooking: boolean;
  /** Milliseconds since 1970, of the last look; null: never. */
  readonly lookedAtMs: number | null;
  /** Of the last look since the client started; null: there was none. */
  readonly outcome: LookOutcome | null;
  /** How many looks since then found what is not to be trusted. */
  readonly refusals: number;
  /** Of which the user does not want to be told; null: none. */
  readonly skippedVersion: string | null;
  /** What windows tell of; null: nothing. */
  readonly notice: NewVersion | null;
}

/** Of a client that asks nobody. */
export const noUpdates: UpdatesState = {
  installedVersion: '',
  address: null,
  problem: 'noAddress',
  isLooking: false,
  lookedAtMs: null,
  outcome: null,
  refusals: 0,
  skippedVersion: null,
  notice: null,
};
