import { FrameType } from '@rookery/schemas/frameType';
import type { RoleList, Uuid } from '@rookery/schemas/messages';
import { fieldLimits, rootRoomId } from '@rookery/schemas/protocol';
import { roles, type Role } from '@rookery/schemas/roles';
import type { Publisher } from '../broadcast/publisher.js';
import type { CommunityState } from '../state/communityState.js';
import type { GivenRole } from '../store/roles.js';
import type { Store } from '../store/store.js';
import type { AccessDesk } from './accessDesk.js';

/** What a RoleList is made from. */
export interface RoleListSources {
  readonly access: Pick<AccessDesk, 'everyoneIs' | 'grantsOf'>;
  readonly store: { readonly users: Pick<Store['users'], 'find'> };
}

/** @param given at most as many as a page holds */
export function roleListOf(
  { access, store }: RoleListSources,
  given: readonly GivenRole[],
  hasMore: boolean,
): RoleList {
  const users = given.map(({ userId, role }) => {
    return { userId, name: store.users.find(userId)?.displayName ?? '', role };
  });
  const grants = roles.map((role) => access.grantsOf(role));
  return { type: FrameType.RoleList, everyoneIs: access.everyoneIs, grants, users, hasMore };
}

export interface RoleNewsOptions extends RoleListSources {
  readonly access: Pick<AccessDesk, 'everyoneIs' | 'grantsOf' | 'can' | 'followRoles'>;
  readonly state: Pick<CommunityState, 'tokens'>;
  readonly publisher: Pick<Publisher, 'sendToSessions'>;
}

/**
 * Tells all who may read roles of those that somebody was given, whoever gave them. What comes
 * between two tellings is told together, of each user the last; of more users than a page names,
 * those who are told read all anew. So memory and what is sent are bounded, however much changes.
 * Main thread.
 */
export class RoleNews {
  readonly #options: RoleNewsOptions;
  readonly #given = new Map<Uuid, Role>();
  #hasMore = false;

  constructor(options: RoleNewsOptions) {
    this.#options = options;
    options.access.followRoles((userId, role) => this.#note(userId, role));
  }

  /** Tells what has gathered. Costs nothing where nothing has; call it about once a second. */
  tell(): void {
    if (this.#given.size === 0) return;
    const { access, state, publisher } = this.#options;
    const given = [...this.#given].map(([userId, role]) => ({ userId, role }));
    const news = roleListOf(this.#options, given, this.#hasMore);
    this.#given.clear();
    this.#hasMore = false;
    const told = [...state.tokens()].filter((token) => access.can(token, 'register', rootRoomId));
    publisher.sendToSessions(told, news);
  }

  #note(userId: Uuid, role: Role): void {
    if (this.#given.has(userId) || this.#given.size < fieldLimits.rolesPerPageMax) {
      this.#given.set(userId, role);
    } else {
      this.#hasMore = true;
    }
  }
}
