import { openPasswordGate, type PasswordGate } from '../session/passwordGate.js';
import { PasswordPool } from '../session/passwordPool.js';
import { ResumeTickets } from '../session/resumeTickets.js';
import type { ServerConfig } from '../config/serverConfig.js';
import type { ControlLimits } from '../limits.js';
import type { Store } from '../store/store.js';
import type { RegistrationName } from './registrationNames.js';

/** What the server lets people in with, before it has connections. */
export interface Entry {
  /** Of the server's password; null where it has none. */
  readonly passwordGate: PasswordGate | null;
  /** For all passwords; to be closed. */
  readonly passwords: PasswordPool;
  readonly tickets: ResumeTickets;
  /** How those come in who are not registered; null leaves it to those who administer. */
  readonly registration: RegistrationName | null;
  /** Where the hash of the owner's token is. */
  readonly dataDirectory: string;
}

/** Hashes the password of the configuration. */
export async function openEntry(
  { password, registration, dataDirectory }: EntryConfig,
  { tickets }: Pick<Store, 'tickets'>,
  limits: Pick<ControlLimits, 'password' | 'resume'>,
): Promise<Entry> {
  const passwords = new PasswordPool(limits.password);
  return {
    ...{ passwords, registration, dataDirectory },
    passwordGate: password === null ? null : await openPasswordGate(password, passwords),
    tickets: new ResumeTickets({
      ...{ tickets, limits: limits.resume, password: password ?? '' },
      wallClockMs: () => Date.now(),
    }),
  };
}

/** What the configuration says of it. */
export type EntryConfig = Pick<ServerConfig, 'password' | 'registration' | 'dataDirectory'>;
