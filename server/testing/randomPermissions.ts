import type { AclEntry, Principal } from '@rookery/schemas/messages';
import { permissions, permissionSet, type Permission } from '@rookery/schemas/permissions';
import { roles, type Role } from '@rookery/schemas/roles';
import type { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import type { ModelEntry } from './modelPermissions.js';

/** Those on which most hangs come often, so that rules meet. */
const oftenMeant: readonly Permission[] = ['traverse', 'enter', 'speak', 'editAcl', 'kick'];

/** Rules of who may do what, as they come at random. */
export class RandomPermissions {
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** Often one on which most hangs. */
  permission(): Permission {
    return this.one(this.#random.chance(0.5) ? oftenMeant : permissions);
  }

  /** From none to a few, or most of all. */
  someOf(): string[] {
    if (this.#random.chance(0.2)) return permissions.filter(() => this.#random.chance(0.7));
    return Array.from({ length: this.#random.below(4) }, () => this.permission());
  }

  /** What a role grants. Without traverse there is nothing left to decide. */
  roleGrants(): string[] {
    return [...this.someOf(), ...(this.#random.chance(0.8) ? ['traverse'] : [])];
  }

  /** @param groups ids of which one may be named; there may be no such group */
  entry(groups: readonly string[], users: readonly string[]): ModelEntry {
    const kinds = ['everyone', 'role', 'user', ...(groups.length > 0 ? ['group'] : [])] as const;
    const whom = this.one(kinds as readonly ModelEntry['whom'][]);
    const names = {
      everyone: () => '',
      role: () => this.one(roles),
      group: () => this.one(groups),
      user: () => this.one(users),
    };
    return {
      whom,
      name: names[whom](),
      here: this.#random.chance(0.7),
      below: this.#random.chance(0.7),
      grants: this.#random.chance(0.6) ? this.someOf() : [],
      denies: this.#random.chance(0.5) ? this.someOf() : [],
    };
  }

  one<T>(from: readonly T[]): T {
    return from[this.#random.below(from.length)]!;
  }
}

/** A model's entry as the server has it. */
export function entryOf({ whom, name, here, below, grants, denies }: ModelEntry): AclEntry {
  const principals: Record<ModelEntry['whom'], Principal> = {
    everyone: { type: 'everyone' },
    role: { type: 'role', role: name as Role },
    group: { type: 'group', groupId: name },
    user: { type: 'user', userId: name },
  };
  return {
    principal: principals[whom],
    appliesHere: here,
    appliesBelow: below,
    grants: permissionSet(grants as Permission[]),
    denies: permissionSet(denies as Permission[]),
  };
}
