import type { PacedClass } from '@rookery/schemas/messageClass';
import type { BucketLimits } from './limits.js';
import type { RefusalReason } from './session/protocolCounters.js';

/** When somebody who fails again and again is shut out, and for how long. */
export interface FailureLimits {
  /** With so many failures an address, or a user, is shut out; 0: never. */
  readonly failuresMax: number;
  /** So many of them are forgiven a minute. */
  readonly forgivenPerMinute: number;
  /** How long it is shut out the first time, and at most: each time is twice as long. */
  readonly banMsMin: number;
  readonly banMsMax: number;
  /** How long after the end of a ban the next one is longer. */
  readonly rememberedMs: number;
  /** Attempts in a ban that are told why they are refused; more are turned away at the door. */
  readonly toldMax: number;
  /** Addresses, and users, of which failures are remembered, and as many bans. */
  readonly entriesMax: number;
  /** For how many failures each refusal counts; 0 for what happens to honest people. */
  readonly weights: Readonly<Record<RefusalReason, number>>;
}

/** Bounds of those who are connected and have not logged in. */
export interface WaitingLimits {
  /** Of one address; one more is closed. */
  readonly perAddressMax: number;
  /** Of all; for one more, the one that waits longest is closed. */
  readonly connectionsMax: number;
}

/** Bounds of those who wait for a password to be checked. */
export interface PasswordLineLimits {
  /** Checks at a time: as many as the pool has threads, so that all others wait in their line. */
  readonly atOnceMax: number;
  /** Of them, those of strangers. */
  readonly strangersAtOnceMax: number;
  /** Users who were here before, and as many others, may wait. */
  readonly waitingMax: number;
  /** Of those others, from one address. */
  readonly perAddressMax: number;
}

/** The work that somebody who logs in has to show (joinWork.ts); each bit doubles it. */
export interface JoinWorkLimits {
  /** Asked of everybody; 0 for none. */
  readonly bits: number;
  /** Asked while a share of the places of unknown users are taken, of all who wait for a check. */
  readonly bitsUnderLoad: number;
  /** That share, 0 … 1. */
  readonly loadedFrom: number;
}

/** Bounds of what one user, or one address, may ask of the server. */
export interface AbuseLimits {
  /** What one user may send of each class, however often it reconnects. */
  readonly userPace: Readonly<Record<PacedClass, BucketLimits>>;
  /**
   * Everybody at one address (IPv6: one /64) may send together what so many users may: a household
   * or a company whose people all send as fast as they can. 0: as much as they like.
   */
  readonly addressShare: number;
  /** Users, and addresses, whose budgets are remembered: about 500 bytes each. */
  readonly metersMax: number;
  readonly failures: FailureLimits;
  readonly waiting: WaitingLimits;
  /** Addresses that are remembered because somebody logged in: about 100 bytes each. */
  readonly knownAddressesMax: number;
  readonly passwordLine: PasswordLineLimits;
  readonly joinWork: JoinWorkLimits;
}

/** With so many refusals nobody listens at the other end. */
const refusedMax = 200;

/** Part of `controlLimits`. */
export const abuseLimits: AbuseLimits = {
  userPace: {
    // A client that comes back waits longer each time; a script logs in for each command.
    login: { perSecond: 5, burst: 60, refusedMax },
    // A window asks for those of all servers that it keeps, twice a minute at most.
    card: { perSecond: 1, burst: 20, refusedMax },
    write: { perSecond: 20, burst: 40, refusedMax },
    react: { perSecond: 10, burst: 40, refusedMax },
    // Somebody who scrolls asks for pages one after the other.
    read: { perSecond: 20, burst: 60, refusedMax },
    // Up to 5 ms of the main thread each.
    search: { perSecond: 4, burst: 20, refusedMax },
    // Each rotates a room's key and is told to everybody there.
    join: { perSecond: 5, burst: 40, refusedMax },
    view: { perSecond: 20, burst: 60, refusedMax },
    // Of an operator who builds a tree of rooms by a script.
    manage: { perSecond: 20, burst: 60, refusedMax },
    // All lists once, and again when the session or the rooms change.
    whisper: { perSecond: 10, burst: 60, refusedMax },
    talk: { perSecond: 5, burst: 40, refusedMax },
    mark: { perSecond: 20, burst: 60, refusedMax },
    upload: { perSecond: 10, burst: 60, refusedMax },
    // Dropped beyond it, as what a session sends beyond its own budget.
    signal: { perSecond: 2, burst: 20, refusedMax },
    piece: { perSecond: 512, burst: 512, refusedMax: 1_024 },
  },
  addressShare: 16,
  metersMax: 32_768,
  failures: {
    // Somebody who does not remember a password tries a few times.
    failuresMax: 10,
    forgivenPerMinute: 2,
    banMsMin: 60_000,
    banMsMax: 3_600_000,
    rememberedMs: 86_400_000,
    toldMax: 20,
    // About 150 bytes each.
    entriesMax: 16_384,
    weights: {
      wrongPassword: 1,
      accountPassword: 1,
      badInvitation: 1,
      invitationNeeded: 0,
      awaitingApproval: 0,
      nameTaken: 0,
      botsRefused: 0,
      badSignature: 1,
      truncated: 1,
      oversized: 1,
      unknownType: 1,
      malformed: 1,
      typeMismatch: 1,
      invalidField: 1,
      outOfPlace: 1,
      unexpectedStream: 1,
      streamReset: 1,
      earlyData: 1,
      flood: 1,
      unsupportedVersion: 0,
      tooFast: 0,
      tooSlow: 0,
      loginTimeout: 0,
      crowdedOut: 0,
      badName: 0,
      serverFull: 0,
      busy: 0,
      banned: 0,
      tooManyFailures: 0,
      workNeeded: 0,
    },
  },
  // A login takes a few round trips; whoever does it at once is not closed by a flood.
  waiting: { perAddressMax: 64, connectionsMax: 1_024 },
  // More than a server has users.
  knownAddressesMax: 16_384,
  passwordLine: { atOnceMax: 2, strangersAtOnceMax: 1, waitingMax: 32, perAddressMax: 8 },
  // A quarter of a second of a client's core.
  joinWork: { bits: 0, bitsUnderLoad: 18, loadedFrom: 0.5 },
};

/** What an operator chooses of it. */
export interface AbuseRule {
  /** Failures with which somebody is shut out for a while; 0: never. */
  readonly failuresMax: number;
  /** See AbuseLimits. */
  readonly addressShare: number;
  /** Work that everybody has to show at login, and while many wait; bits, 0 for none. */
  readonly workBits: number;
  readonly workBitsUnderLoad: number;
}

/** The limits with what an operator chose. */
export function applyAbuseRule(limits: AbuseLimits, rule: Partial<AbuseRule>): AbuseLimits {
  const { failures, joinWork, addressShare } = limits;
  const {
    failuresMax = failures.failuresMax,
    workBits = joinWork.bits,
    workBitsUnderLoad = joinWork.bitsUnderLoad,
  } = rule;
  return {
    ...limits,
    addressShare: rule.addressShare ?? addressShare,
    failures: { ...failures, failuresMax },
    joinWork: { ...joinWork, bits: workBits, bitsUnderLoad: workBitsUnderLoad },
  };
}
