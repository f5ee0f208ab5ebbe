import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Uuid } from '@rookery/schemas/messages';
import type { PasswordPool } from '../session/passwordPool.js';
import { refusal, type Refusal } from '../state/outcome.js';
import type { AccountPasswords } from '../store/accountPasswords.js';
import type { UserPace } from './userPace.js';

export interface AccountPasswordDeskOptions {
  readonly passwords: AccountPasswords;
  readonly pool: PasswordPool;
  /** Of changes, each of which costs an Argon2id or two. */
  readonly pace: UserPace;
}

/** Short ones are guessed by whoever has the key file, however slow each try is. */
const charactersMin = 8;

/**
 * The passwords that users have beside their key, so that somebody who has stolen a key file is
 * not let in by it. Throws ServerError of the store, by the promises. Main thread; the work is done
 * elsewhere.
 */
export class AccountPasswordDesk {
  readonly #options: AccountPasswordDeskOptions;

  constructor(options: AccountPasswordDeskOptions) {
    this.#options = options;
  }

  /** @returns the hash, or null where the user has no password */
  hashOf(userId: Uuid): string | null {
    return this.#options.passwords.find(userId);
  }

  /** @returns 'busy' where too many wait already */
  check(hash: string, given: string): Promise<boolean | 'busy'> {
    return this.#options.pool.verify(given, hash);
  }

  /**
   * Sets, changes or removes the password of whoever knows it.
   *
   * @param next '' removes it
   * @returns why not, or null once it is durable
   */
  async change(userId: Uuid, current: string, next: string): Promise<Refusal | null> {
    const { passwords, pool, pace } = this.#options;
    if (next !== '' && Array.from(next).length < charactersMin) {
      const text = `A password of an account has at least ${charactersMin} characters.`;
      return refusal(ErrorCode.InvalidField, text);
    }
    const waitMs = pace.take(userId);
    if (waitMs > 0) return tooFast(waitMs);
    const hash = this.hashOf(userId);
    const isRight = hash === null || (await this.check(hash, current));
    if (isRight === 'busy') return busy;
    if (!isRight) return wrong;
    const nextHash = next === '' ? null : await pool.hash(next);
    if (next !== '' && nextHash === null) return busy;
    // Somebody may have changed it meanwhile, who knew it as well.
    if (this.hashOf(userId) !== hash) return wrong;
    await passwords.put(userId, nextHash);
    return null;
  }

  /** For somebody who has forgotten it. */
  async reset(userId: Uuid): Promise<void> {
    await this.#options.passwords.put(userId, null);
  }
}

const busy = refusal(
  ErrorCode.TooFast,
  'Too many passwords are checked at this moment. Try again in a few seconds.',
);

const wrong = refusal(
  ErrorCode.WrongAccountPassword,
  'The password of the account is another one. Whoever administers the server can remove it.',
);

function tooFast(waitMs: number): Refusal {
  const seconds = Math.ceil(waitMs / 1_000);
  return refusal(ErrorCode.TooFast, `Too many changes. Try again in ${seconds} s.`);
}
