import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { UserRole, Uuid } from '@rookery/schemas/messages';
import type { Role } from '@rookery/schemas/roles';
import { useClientStore } from './clientStore.js';

/** Bounds what is asked for when thousands were given a role. */
const pagesMax = 50;

/** Which role others have, as far as the own user may know. */
export const useRoles = defineStore('roles', () => {
  const client = useClientStore();
  const given = shallowRef<ReadonlyMap<Uuid, Role> | null>(null);
  const everyoneIs = shallowRef<Role>('guest');
  const mayRead = computed(() => client.state.permissions.server.includes('register'));

  /** @returns null where it is not known */
  function roleOf(userId: Uuid): Role | null {
    if (userId === client.ownUserId) return client.state.permissions.role;
    return given.value === null ? null : (given.value.get(userId) ?? everyoneIs.value);
  }

  async function read(): Promise<void> {
    const users: UserRole[] = [];
    for (let page = 0; page < pagesMax; page++) {
      const list = await client.commands.access.readRoles(users.at(-1)?.userId ?? null);
      users.push(...list.users);
      everyoneIs.value = list.everyoneIs;
      if (!list.hasMore) break;
    }
    given.value = new Map(users.map(({ userId, role }) => [userId, role]));
  }

  /** @throws RemoteFault as the server refuses */
  async function setRole(userId: Uuid, role: Role): Promise<void> {
    await client.commands.access.setRole(userId, role);
    await read();
  }

  watch(
    mayRead,
    (may) => {
      given.value = null;
      // Who lost the right meanwhile knows no roles.
      if (may) read().catch(() => undefined);
    },
    { immediate: true },
  );

  return { roleOf, setRole };
});
