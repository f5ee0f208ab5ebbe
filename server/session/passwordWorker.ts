import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import sodium from 'sodium-native';

/** Jobs of the password pool: a core for about 0.1 s each, so never on the main thread. */

export interface HashJob {
  readonly password: string;
  readonly passes: number;
  readonly memoryBytes: number;
}

export interface VerifyJob {
  readonly password: string;
  readonly hash: string;
}

/** @returns Argon2id hash with its parameters and salt, as text */
export function hashPassword({ password, passes, memoryBytes }: HashJob): string {
  const out = Buffer.alloc(sodium.crypto_pwhash_STRBYTES);
  sodium.crypto_pwhash_str(out, Buffer.from(password), passes, memoryBytes);
  return out.toString('latin1').replaceAll('\0', '');
}

/** The work is the same for right and wrong passwords. */
export function verifyPassword({ password, hash }: VerifyJob): boolean {
  const padded = Buffer.alloc(sodium.crypto_pwhash_STRBYTES);
  padded.write(hash, 'latin1');
  return sodium.crypto_pwhash_str_verify(padded, Buffer.from(password));
}

/** Above 0 is less than the others get; 19 would wait for anything else on the machine. */
const nice = 10;

/**
 * Has the system prefer all other threads of the server, voice above all, to this one. Linux knows
 * priorities of threads, under the names of their own that only the thread itself can read.
 */
function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, nice);
  } catch {
    // A system without /proc: passwords are checked all the same.
  }
}

giveWay();
