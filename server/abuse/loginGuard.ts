import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { isWorkDone } from '@rookery/schemas/joinWork';
import type { Uuid } from '@rookery/schemas/messages';
import type { JoinWorkLimits } from '../abuseLimits.js';
import type { LoginRefusal } from '../session/connection.js';
import type { Pacing } from './pacing.js';
import type { PasswordLine } from './passwordLine.js';
import type { TemporaryBans } from './temporaryBans.js';

export interface LoginGuardOptions {
  readonly pacing: Pick<Pacing, 'takeOfAddress' | 'takeOfUser'>;
  readonly bans: Pick<TemporaryBans, 'refuseAddress' | 'refuseUser'>;
  readonly line: PasswordLine;
  readonly work: JoinWorkLimits;
  /** Whether a user has been let in before. */
  readonly isKnown: (userId: Uuid) => boolean;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

/** What a login has to pass beside identity and password, the cheapest first. */
export class LoginGuard {
  readonly #options: LoginGuardOptions;

  constructor(options: LoginGuardOptions) {
    this.#options = options;
  }

  /** Bits of work that somebody who says Hello now has to show; 0 for none. */
  workBits(): number {
    const { work, line } = this.#options;
    const isLoaded = line.strangerLoad >= work.loadedFrom;
    return Math.max(work.bits, isLoaded ? work.bitsUnderLoad : 0);
  }

  /**
   * Before anything is computed for a login.
   *
   * @param work of the login, with the challenge that it was given and the bits that were asked
   */
  refusalOfAddress(
    source: string,
    challenge: Uint8Array,
    bits: number,
    work: Uint8Array | null,
  ): LoginRefusal | null {
    const { bans, pacing } = this.#options;
    const banMs = bans.refuseAddress(source);
    if (banMs > 0) return this.#shutOut('from your address', banMs);
    const tooFast = pacing.takeOfAddress(source, 'login');
    if (tooFast !== null) return tooManyLogins('from your address', tooFast.retryAfterMs);
    if (bits === 0 || (work !== null && isWorkDone(challenge, work, bits))) return null;
    return workNeeded;
  }

  /** Before a password is checked of somebody whose key is proven. */
  refusalOfUser(userId: Uuid): LoginRefusal | null {
    const { bans, pacing } = this.#options;
    const banMs = bans.refuseUser(userId);
    if (banMs > 0) return this.#shutOut('of this identity', banMs);
    const tooFast = pacing.takeOfUser(userId, 'login');
    return tooFast === null ? null : tooManyLogins('of this identity', tooFast.retryAfterMs);
  }

  /** Checks a password when it is the user's turn. @returns 'busy' where too many wait */
  inTurn<T>(source: string, userId: Uuid, check: () => Promise<T>): Promise<T | 'busy'> {
    const { line, isKnown } = this.#options;
    return line.run({ source, isKnown: isKnown(userId) }, check);
  }

  #shutOut(whose: string, banMs: number): LoginRefusal {
    return {
      reason: AuthFailure.TooManyFailures,
      message: `Too much ${whose} failed. Try again in ${inWords(banMs)}.`,
      untilMs: Math.ceil(this.#options.wallClockMs() + banMs),
    };
  }
}

function tooManyLogins(whose: string, retryAfterMs: number): LoginRefusal {
  return {
    reason: AuthFailure.Busy,
    message: `Too many logins ${whose}. Try again in ${inWords(retryAfterMs)}.`,
  };
}

function inWords(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1_000);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`;
}

const workNeeded: LoginRefusal = {
  reason: AuthFailure.WorkNeeded,
  message: 'The server asks for some work with each login, and this one showed none. Try again.',
};
