import type { PasswordPool } from './passwordPool.js';

/** Asks everybody for the server password. It is kept as an Argon2id hash alone. */
export interface PasswordGate {
  /** @returns 'busy' when too many wait already; nothing is checked then */
  check(password: string): Promise<boolean | 'busy'>;
}

/** Hashes the password. @param pool stays the caller's */
export async function openPasswordGate(
  password: string,
  pool: PasswordPool,
): Promise<PasswordGate> {
  const hash = await pool.hash(password);
  if (hash === null) throw new Error('nobody waits for a pool that was just opened');
  return { check: (given) => pool.verify(given, hash) };
}
