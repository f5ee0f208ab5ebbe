import { randomBytes } from 'node:crypto';
import type { Uuid } from '@rookery/schemas/messages';
import type { AccessDesk } from '../access/accessDesk.js';
import type { AccountsLimits } from '../accountsLimits.js';
import type { AuditLog } from '../moderation/auditLog.js';
import type { Store } from '../store/store.js';
import { AccountPasswordDesk } from './accountPasswordDesk.js';
import { CodeDesk } from './codeDesk.js';
import type { Entry } from './entry.js';
import { InviteBook } from './inviteBook.js';
import { NameDesk } from './nameDesk.js';
import { Registrar } from './registrar.js';
import { UserPace } from './userPace.js';

export interface AccountDeskOptions {
  readonly store: Store;
  readonly access: AccessDesk;
  readonly audit: AuditLog;
  readonly entry: Entry;
  readonly limits: AccountsLimits;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Shows a user's session, where there is one, under another name. */
  readonly showName: (userId: Uuid, displayName: string) => void;
}

/** All that is about accounts, wired together. Main thread. */
export class AccountDesk {
  readonly registrar: Registrar;
  readonly invites: InviteBook;
  readonly codes: CodeDesk;
  readonly names: NameDesk;
  readonly passwords: AccountPasswordDesk;
  readonly namePace: UserPace;
  readonly #options: AccountDeskOptions;

  constructor(options: AccountDeskOptions) {
    const { entry, store, access, audit, limits, wallClockMs, nowMs } = options;
    this.#options = options;
    const { registration: fixed, dataDirectory, passwordGate } = entry;
    const hasServerPassword = passwordGate !== null;
    this.registrar = new Registrar({
      ...{ store, access, limits, audit, fixed, hasServerPassword, wallClockMs },
    });
    this.invites = new InviteBook({
      ...{ invites: store.invites, limits, audit, wallClockMs },
      randomBytes: (length) => new Uint8Array(randomBytes(length)),
    });
    const { invites, registrar } = this;
    this.codes = new CodeDesk({ dataDirectory, invites, registrar, audit });
    this.names = new NameDesk({ store });
    this.namePace = new UserPace(limits.nameChanges, nowMs);
    this.passwords = new AccountPasswordDesk({
      passwords: store.accountPasswords,
      pool: entry.passwords,
      pace: new UserPace(limits.passwordChanges, nowMs),
    });
    access.followRoles((userId, role) => this.names.noteRole(userId, role));
  }

  /**
   * Gives somebody who is here another name, which is free.
   *
   * @param name normalised
   * @throws ServerError of the store, by the promise; the name is the one before then
   */
  async rename(userId: Uuid, name: string, nameBefore: string): Promise<void> {
    const { store, showName } = this.#options;
    // Taken at once, so that nobody else takes it meanwhile.
    this.names.arrive(userId, name);
    try {
      await store.users.rename(userId, name);
    } catch (error) {
      this.names.arrive(userId, nameBefore);
      throw error;
    }
    showName(userId, name);
  }
}
