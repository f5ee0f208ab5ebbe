import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { PasswordLimits } from '../limits.js';
import type { HashJob, VerifyJob } from './passwordWorker.js';

/**
 * Asks everybody for the server password. It is kept as an Argon2id hash alone and checked in a
 * pool with a bounded queue.
 */
export interface PasswordGate {
  /** @returns 'busy' when too many wait already; nothing is checked then */
  check(password: string): Promise<boolean | 'busy'>;
  close(): Promise<void>;
}

/** Hashes the password and opens the pool. */
export async function openPasswordGate(
  password: string,
  limits: PasswordLimits,
): Promise<PasswordGate> {
  const pool = new Piscina<HashJob | VerifyJob, string | boolean>({
    filename: fileURLToPath(new URL('./passwordWorker.js', import.meta.url)),
    minThreads: 1,
    maxThreads: limits.threadsMax,
    maxQueue: limits.queueMax,
    idleTimeout: 10_000,
  });
  const { passes, memoryBytes } = limits;
  const hash = await pool.run({ password, passes, memoryBytes }, { name: 'hashPassword' });
  if (typeof hash !== 'string') throw new TypeError('a hash is text');
  return {
    check: async (given) => {
      if (pool.queueSize >= limits.queueMax) return 'busy';
      return (await pool.run({ password: given, hash }, { name: 'verifyPassword' })) === true;
    },
    close: () => pool.destroy(),
  };
}
