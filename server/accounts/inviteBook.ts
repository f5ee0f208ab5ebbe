import type { InvitedRole, InviteInfo, MakeInvite, Uuid } from '@rookery/schemas/messages';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { AccountsLimits } from '../accountsLimits.js';
import type { AuditLog } from '../moderation/auditLog.js';
import { refusal, type Refusal } from '../state/outcome.js';
import type { InviteRecord, Invites } from '../store/invites.js';
import { codeBytes, inviteCode, inviteIdOf } from './codes.js';

export interface InviteBookOptions {
  readonly invites: Invites;
  readonly limits: AccountsLimits;
  readonly audit: Pick<AuditLog, 'note'>;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
}

/** An invitation, one use of which is taken. */
export interface TakenInvite {
  readonly role: InvitedRole;
  readonly createdBy: Uuid;
  /**
   * Settles once the use is durable. Where it rejects with ServerError of the store, the use was
   * given back.
   */
  readonly kept: Promise<void>;
}

/** What an invitation is to be like. */
export type InviteTerms = Omit<MakeInvite, 'type'>;

/**
 * All invitations that can be used. A use is taken at once, so that of two who want the last one
 * only one gets it. Main thread.
 */
export class InviteBook {
  readonly #options: InviteBookOptions;
  readonly #invites: Map<Uuid, InviteRecord>;

  constructor(options: InviteBookOptions) {
    this.#options = options;
    const kept = options.invites.list();
    this.#invites = new Map(kept.map(({ inviteId, ...invite }) => [inviteId, invite]));
  }

  /** The newest first. */
  list(): InviteInfo[] {
    const usable = [...this.#invites].filter(([, invite]) => !this.#isExpired(invite));
    const infos = usable.map(([inviteId, invite]) => ({ inviteId, ...invite }));
    return infos.sort((first, second) => second.createdMs - first.createdMs);
  }

  /** What a code would make of whoever uses it, and who made it; null where it cannot be used. */
  find(code: string): Pick<InviteRecord, 'role' | 'createdBy'> | null {
    return this.#usable(inviteIdOf(code));
  }

  /** @throws ServerError of the store; nothing was made then */
  async make(
    createdBy: Uuid,
    { role, usesMax, validSeconds, note }: InviteTerms,
  ): Promise<{ readonly inviteId: Uuid; readonly code: string } | Refusal> {
    const { invites, limits, audit, wallClockMs, randomBytes } = this.#options;
    const expired = [...this.#invites].filter(([, invite]) => this.#isExpired(invite));
    const expiredIds = expired.map(([inviteId]) => inviteId);
    if (this.#invites.size - expiredIds.length >= limits.invitesMax) {
      const text = `There are ${limits.invitesMax} invitations already. Withdraw some first.`;
      return refusal(ErrorCode.LimitReached, text);
    }
    const code = inviteCode(randomBytes(codeBytes));
    const inviteId = inviteIdOf(code);
    const createdMs = wallClockMs();
    const expiresMs = validSeconds === 0 ? 0 : createdMs + validSeconds * 1_000;
    const invite = { role, usesMax, uses: 0, createdMs, expiresMs, createdBy, note };
    for (const id of expiredIds) this.#invites.delete(id);
    this.#invites.set(inviteId, invite);
    const uses = usesMax === 0 ? 'any number of uses' : `uses: ${usesMax}`;
    audit.note({
      action: 'makeInvite',
      actorId: createdBy,
      detail: `${inviteId}, ${role}, ${uses}`,
    });
    try {
      await Promise.all([invites.remove(expiredIds), invites.put(inviteId, invite)]);
    } catch (error) {
      this.#invites.delete(inviteId);
      throw error;
    }
    return { inviteId, code };
  }

  /** @returns whether there was one. Throws ServerError of the store; it can be used on then */
  async withdraw(actorId: Uuid, inviteId: Uuid): Promise<boolean> {
    const invite = this.#usable(inviteId);
    if (invite === null) return false;
    const { invites, audit } = this.#options;
    this.#invites.delete(inviteId);
    audit.note({ action: 'withdrawInvite', actorId, detail: inviteId });
    try {
      await invites.remove([inviteId]);
    } catch (error) {
      this.#invites.set(inviteId, invite);
      throw error;
    }
    return true;
  }

  /**
   * Takes one use of the invitation with this code; the last one takes it away.
   *
   * @returns null where there is none, or it cannot be used
   */
  take(code: string): TakenInvite | null {
    const { invites } = this.#options;
    const inviteId = inviteIdOf(code);
    const invite = this.#usable(inviteId);
    if (invite === null) return null;
    const uses = invite.uses + 1;
    const isLast = uses === invite.usesMax;
    if (isLast) this.#invites.delete(inviteId);
    else this.#invites.set(inviteId, { ...invite, uses });
    const { role, createdBy } = invite;
    const kept = isLast ? invites.remove([inviteId]) : invites.put(inviteId, { ...invite, uses });
    const given = kept.catch((error: unknown) => {
      this.#giveBack(inviteId, invite);
      throw error;
    });
    return { role, createdBy, kept: given };
  }

  /** @param before as it was before the use; others may have used it meanwhile */
  #giveBack(inviteId: Uuid, before: InviteRecord): void {
    const uses = this.#invites.get(inviteId)?.uses ?? before.uses + 1;
    this.#invites.set(inviteId, { ...before, uses: uses - 1 });
  }

  #usable(inviteId: Uuid): InviteRecord | null {
    const invite = this.#invites.get(inviteId);
    return invite === undefined || this.#isExpired(invite) ? null : invite;
  }

  #isExpired({ expiresMs }: InviteRecord): boolean {
    return expiresMs !== 0 && expiresMs <= this.#options.wallClockMs();
  }
}
