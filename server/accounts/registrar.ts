import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Registration } from '@rookery/schemas/generated/rookery/registration';
import type { JoinRequest, Uuid } from '@rookery/schemas/messages';
import { isAtLeast, type Role } from '@rookery/schemas/roles';
import type { AccessDesk } from '../access/accessDesk.js';
import type { AccountsLimits } from '../accountsLimits.js';
import type { AuditLog } from '../moderation/auditLog.js';
import { refusal, type Refusal } from '../state/outcome.js';
import type { KeptRequest } from '../store/joinRequests.js';
import type { Store } from '../store/store.js';
import {
  registrationCalled,
  registrationNames,
  type RegistrationName,
} from './registrationNames.js';

export interface RegistrarOptions {
  readonly store: Pick<Store, 'roles' | 'joinRequests' | 'settings'>;
  readonly access: Pick<AccessDesk, 'setRole' | 'roleOf'>;
  readonly limits: AccountsLimits;
  readonly audit: Pick<AuditLog, 'note'>;
  /** What the configuration says; null leaves it to those who administer. */
  readonly fixed: RegistrationName | null;
  readonly hasServerPassword: boolean;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

/** What came of a wish to be let in. */
export type AskOutcome = 'waits' | 'denied' | 'full';

/**
 * Who is registered, and how others come in. Registered is who was given a role above guest; what
 * everybody else is by the configuration does not count. Throws ServerError of the store, by the
 * promises; nothing was changed then. Main thread.
 */
export class Registrar {
  readonly #options: RegistrarOptions;
  #set: RegistrationName | null;
  readonly #requests: Map<Uuid, KeptRequest>;

  constructor(options: RegistrarOptions) {
    this.#options = options;
    const kept = options.store.settings.find('registration');
    this.#set = registrationNames.find((name) => name === kept) ?? null;
    const requests = options.store.joinRequests.list();
    this.#requests = new Map(requests.map((request) => [request.userId, request]));
  }

  /** How those come in who are not registered. */
  get registration(): Registration {
    const { fixed, hasServerPassword } = this.#options;
    const usual = hasServerPassword ? 'password' : 'open';
    // The password may have been taken out of the configuration since.
    const set = this.#set === 'password' ? usual : this.#set;
    return registrationCalled(fixed ?? set ?? usual);
  }

  isRegistered(userId: Uuid): boolean {
    return isAtLeast(this.#givenRole(userId), 'member');
  }

  /** @returns why not, or null once it holds */
  async setRegistration(actorId: Uuid, registration: Registration): Promise<Refusal | null> {
    const { fixed, hasServerPassword, store, audit } = this.#options;
    const name = registrationNames[registration];
    if (fixed !== null) {
      const text = `The server's configuration says "${fixed}": change it there (registration).`;
      return refusal(ErrorCode.RegistrationFixed, text);
    }
    if (name === 'password' && !hasServerPassword) {
      const text = 'The server has no password. Set one in its configuration first (password).';
      return refusal(ErrorCode.RegistrationFixed, text);
    }
    audit.note({ action: 'setRegistration', actorId, detail: name });
    await store.settings.put('registration', name);
    this.#set = name;
    return null;
  }

  /** Whether a role is above the one that somebody was given. */
  isAbove(role: Role, userId: Uuid): boolean {
    return !isAtLeast(this.#givenRole(userId), role);
  }

  /**
   * Whether an invitation above member is still good: whoever made it could make it now, and was
   * not put down to a role that gives none like it.
   */
  mayStillGive(makerId: Uuid, role: Role): boolean {
    const own = this.#options.access.roleOf(makerId);
    return role === 'member' || own === 'owner' || !isAtLeast(role, own);
  }

  /** Gives somebody a role, who waits no longer to be let in. Nobody gets a lower one. */
  async raise(userId: Uuid, role: Role): Promise<void> {
    const { store, access } = this.#options;
    if (!this.isAbove(role, userId)) return;
    const given = [access.setRole(userId, role)];
    if (this.#requests.has(userId)) given.push(store.joinRequests.remove(userId));
    await Promise.all(given);
    this.#requests.delete(userId);
  }

  /** The wish of somebody who is not registered, also one who was told no. */
  requestOf(userId: Uuid): JoinRequest | null {
    return this.#requests.get(userId) ?? null;
  }

  /** Those who wait for an answer, the longest first. */
  requests(): JoinRequest[] {
    const waiting = [...this.#requests.values()].filter(({ deniedMs }) => deniedMs === 0);
    return waiting.sort((first, second) => first.askedMs - second.askedMs);
  }

  /** Somebody wants to come in. */
  async ask(userId: Uuid, displayName: string): Promise<AskOutcome> {
    const { store, limits, wallClockMs } = this.#options;
    const nowMs = wallClockMs();
    const before = this.#requests.get(userId);
    const deniedMs = before?.deniedMs ?? 0;
    if (deniedMs !== 0 && deniedMs > nowMs - limits.deniedMs) return 'denied';
    const isKnown = before?.deniedMs === 0;
    if (isKnown && before.displayName === displayName) return 'waits';
    const removed = before === undefined ? this.#makePlace() : [];
    if (removed === null) return 'full';
    const request = { userId, displayName, askedMs: isKnown ? before.askedMs : nowMs, deniedMs: 0 };
    this.#requests.set(userId, request);
    try {
      await store.joinRequests.put(request, removed);
    } catch (error) {
      if (before === undefined) this.#requests.delete(userId);
      else this.#requests.set(userId, before);
      throw error;
    }
    return 'waits';
  }

  /** @returns false where nobody waits */
  async deny(actorId: Uuid, userId: Uuid): Promise<boolean> {
    const { store, audit, wallClockMs } = this.#options;
    const before = this.#requests.get(userId);
    if (before === undefined || before.deniedMs !== 0) return false;
    const request = { ...before, deniedMs: wallClockMs() };
    const detail = before.displayName;
    audit.note({ action: 'denyUser', actorId, targetId: userId, detail });
    await store.joinRequests.put(request);
    this.#requests.set(userId, request);
    return true;
  }

  /** @returns whose refused wish goes to make place for another; null where all wait */
  #makePlace(): Uuid[] | null {
    if (this.#requests.size < this.#options.limits.joinRequestsMax) return [];
    const denied = [...this.#requests.values()].filter(({ deniedMs }) => deniedMs !== 0);
    const [longest] = denied.sort((first, second) => first.deniedMs - second.deniedMs);
    if (longest === undefined) return null;
    this.#requests.delete(longest.userId);
    return [longest.userId];
  }

  #givenRole(userId: Uuid): Role {
    return this.#options.store.roles.find(userId) ?? 'guest';
  }
}
