import type { Uuid } from '@rookery/schemas/messages';
import type { AuditLog } from '../moderation/auditLog.js';
import { isOwnerToken } from './codes.js';
import type { InviteBook } from './inviteBook.js';
import { takeOwnerToken } from './ownerToken.js';
import type { Registrar } from './registrar.js';

export interface CodeDeskOptions {
  readonly dataDirectory: string;
  readonly invites: InviteBook;
  readonly registrar: Registrar;
  readonly audit: Pick<AuditLog, 'note'>;
}

/**
 * What came of a code: it gave the user a role; or it was not needed, as the user has that role or
 * a higher one, and can be used by somebody else; or there is none like it.
 */
export type CodeOutcome = 'used' | 'notNeeded' | 'bad';

/** Invitations and the owner's token, as people bring them. Main thread. */
export class CodeDesk {
  readonly #options: CodeDeskOptions;

  constructor(options: CodeDeskOptions) {
    this.#options = options;
  }

  /**
   * What is taken is taken at once: of two who bring the last use of a code one is told that it is
   * bad. Where the store fails then, an invitation can be used again, an owner's token cannot.
   *
   * @throws ServerError, by the promise
   */
  async redeem(userId: Uuid, code: string): Promise<CodeOutcome> {
    return isOwnerToken(code) ? this.#becomeOwner(userId, code) : this.#useInvite(userId, code);
  }

  async #becomeOwner(userId: Uuid, token: string): Promise<CodeOutcome> {
    const { dataDirectory, registrar, audit } = this.#options;
    if (!takeOwnerToken(dataDirectory, token)) return 'bad';
    audit.note({ action: 'becomeOwner', actorId: userId, targetId: userId });
    await registrar.raise(userId, 'owner');
    return 'used';
  }

  async #useInvite(userId: Uuid, code: string): Promise<CodeOutcome> {
    const { invites, registrar, audit } = this.#options;
    const invite = invites.find(code);
    if (invite === null) return 'bad';
    const { role, createdBy } = invite;
    if (!registrar.mayStillGive(createdBy, role)) return 'bad';
    if (!registrar.isAbove(role, userId)) return 'notNeeded';
    const taken = invites.take(code);
    if (taken === null) return 'bad';
    const detail = `is ${role} now`;
    audit.note({ action: 'useInvite', actorId: userId, targetId: taken.createdBy, detail });
    // In one turn, so that both last or neither.
    await Promise.all([taken.kept, registrar.raise(userId, role)]);
    return 'used';
  }
}
