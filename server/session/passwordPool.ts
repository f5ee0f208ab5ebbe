import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { PasswordLimits } from '../limits.js';
import type { HashJob, VerifyJob } from './passwordWorker.js';

/**
 * Argon2id off the main thread, for all passwords of the server: in few threads, which start when
 * they are needed, behind a bounded queue.
 */
export class PasswordPool {
  readonly #limits: PasswordLimits;
  readonly #pool: Piscina<HashJob | VerifyJob, string | boolean>;

  constructor(limits: PasswordLimits) {
    this.#limits = limits;
    this.#pool = new Piscina({
      filename: fileURLToPath(new URL('./passwordWorker.js', import.meta.url)),
      minThreads: 0,
      maxThreads: limits.threadsMax,
      maxQueue: limits.queueMax,
      idleTimeout: 10_000,
    });
  }

  /** @returns the hash with its parameters and salt, as text; null where too many wait already */
  async hash(password: string): Promise<string | null> {
    if (this.isBusy) return null;
    const { passes, memoryBytes } = this.#limits;
    const hash = await this.#pool.run({ password, passes, memoryBytes }, { name: 'hashPassword' });
    if (typeof hash !== 'string') throw new TypeError('a hash is text');
    return hash;
  }

  /**
   * The work is the same whether the password is right or not.
   *
   * @returns 'busy' where too many wait already; nothing is checked then
   */
  async verify(password: string, hash: string): Promise<boolean | 'busy'> {
    if (this.isBusy) return 'busy';
    return (await this.#pool.run({ password, hash }, { name: 'verifyPassword' })) === true;
  }

  /** Whether as many wait as may. */
  get isBusy(): boolean {
    return this.#pool.queueSize >= this.#limits.queueMax;
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}
