import { CloseCode } from '@rookery/schemas/protocol';
import { sourceKey } from '@rookery/transport/sourceLimits';
import type { Uuid } from '@rookery/schemas/messages';
import type { AbuseLimits } from '../abuseLimits.js';
import type { Connection } from '../session/connection.js';
import type { Parting } from '../session/parting.js';
import { KnownAddresses } from './knownAddresses.js';
import { LoginGuard } from './loginGuard.js';
import { Pacing, type PacingStats } from './pacing.js';
import { PasswordLine } from './passwordLine.js';
import { TemporaryBans, type KeptBans } from './temporaryBans.js';
import { WaitingRoom } from './waitingRoom.js';

export interface AbuseDeskOptions {
  readonly limits: AbuseLimits;
  /** Sources (see `sourceKey`) whose share is not limited. */
  readonly isTrusted: (source: string) => boolean;
  /** Whether a user has been let in before. */
  readonly isKnown: (userId: Uuid) => boolean;
  /** Where it is kept who is shut out. */
  readonly keptBans: KeptBans;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

/** What the admin interface tells of it. */
export interface AbuseStats {
  readonly pacing: PacingStats;
  /** Connections that have not logged in yet. */
  readonly waiting: number;
  /** Shut out at this moment. */
  readonly bannedAddresses: number;
  readonly bannedUsers: number;
}

/** What keeps users and addresses from asking for more than their share. Main thread. */
export class AbuseDesk {
  readonly pacing: Pacing;
  readonly bans: TemporaryBans;
  readonly loginGuard: LoginGuard;
  readonly #waiting: WaitingRoom<Connection>;
  readonly #knownAddresses: KnownAddresses;

  constructor(options: AbuseDeskOptions) {
    const { limits, isTrusted, isKnown, keptBans, nowMs, wallClockMs } = options;
    const pacing = new Pacing({ limits, isTrusted, nowMs });
    const bans = new TemporaryBans({ limits: limits.failures, kept: keptBans, nowMs, wallClockMs });
    const line = new PasswordLine(limits.passwordLine);
    this.pacing = pacing;
    this.bans = bans;
    const work = limits.joinWork;
    this.loginGuard = new LoginGuard({ pacing, bans, line, work, isKnown, wallClockMs });
    this.#waiting = new WaitingRoom(limits.waiting, isTrusted);
    this.#knownAddresses = new KnownAddresses(limits.knownAddressesMax);
  }

  /** Whether a host is turned away before any handshake: it was told why, and goes on. */
  isBarred(host: string): boolean {
    return this.bans.isStubborn(sourceKey(host));
  }

  /** Whether somebody has logged in from a host lately. */
  isKnownAddress(host: string): boolean {
    return this.#knownAddresses.has(sourceKey(host));
  }

  /** A connection is there. @returns the one that has to be closed for it, or null */
  noteConnected(connection: Connection): Connection | null {
    return this.#waiting.enter(connection);
  }

  /** It has logged in. */
  noteLogin(connection: Connection): void {
    this.#waiting.leave(connection);
    this.#knownAddresses.note(connection.source);
    connection.goFirst();
  }

  /** The server parts from it. */
  noteParting(connection: Connection, { refusal }: Pick<Parting, 'refusal'>): void {
    this.#waiting.leave(connection);
    if (refusal !== null) this.bans.note(refusal, connection.source, connection.provenUserId);
  }

  /** It is gone. */
  noteGone(connection: Connection): void {
    this.#waiting.leave(connection);
  }

  /** Call about once a second. */
  sweep(): void {
    this.pacing.sweep();
    this.bans.sweep();
  }

  stats(): AbuseStats {
    const { addresses, users } = this.bans.counts();
    return {
      pacing: this.pacing.stats(),
      waiting: this.#waiting.size,
      bannedAddresses: addresses,
      bannedUsers: users,
    };
  }
}

/** Others came while a connection had not logged in. */
export const crowdedOut: Parting = {
  code: CloseCode.LoginFailed,
  text: 'Too many connections wait to log in. Try again in a few seconds.',
  message: null,
  requestId: 0,
  mayReturn: false,
  refusal: 'crowdedOut',
};
