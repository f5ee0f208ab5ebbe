import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { mayReadRoles, toldSince } from '@rookery/client/engine/roleNews';
import type { UserRole, Uuid } from '@rookery/schemas/messages';
import type { Role } from '@rookery/schemas/roles';
import { useClientStore } from './clientStore.js';

/** Bounds what is asked for when thousands were given a role. */
const pagesMax = 50;

type GivenRole = Pick<UserRole, 'userId' | 'role'>;

/** Which role others have, as far as the own user may know. */
export const useRoles = defineStore('roles', () => {
  const client = useClientStore();
  const given = shallowRef<ReadonlyMap<Uuid, Role> | null>(null);
  const everyoneIs = shallowRef<Role>('guest');
  const mayRead = computed(() => mayReadRoles(client.state.permissions));
  const isConnected = computed(() => client.connection.phase === 'connected');
  const newsCount = computed(() => client.state.roleNews.count);
  /** As far as `given` keeps up with the news; null: they are to be read. */
  let known: number | null = null;
  let isReading = false;

  /** @returns null where it is not known */
  function roleOf(userId: Uuid): Role | null {
    if (userId === client.ownUserId) return client.state.permissions.role;
    return given.value === null ? null : (given.value.get(userId) ?? everyoneIs.value);
  }

  /** Brings what is known up to what the server has told. */
  function follow(): void {
    if (!mayRead.value) {
      given.value = null;
      known = null;
    } else if (isConnected.value && !isReading) {
      const told = known === null ? null : toldSince(client.state.roleNews, known);
      if (told === null) void readAnew();
      else take(told);
    }
  }

  async function readAnew(): Promise<void> {
    const countBefore = newsCount.value;
    isReading = true;
    try {
      given.value = await readAll();
      known = countBefore;
    } catch {
      // The right or the connection is gone; when it is back, that is news.
      known = null;
    }
    isReading = false;
    if (known !== null || newsCount.value !== countBefore) follow();
  }

  async function readAll(): Promise<ReadonlyMap<Uuid, Role>> {
    const users: UserRole[] = [];
    for (let page = 0; page < pagesMax; page++) {
      const list = await client.commands.access.readRoles(users.at(-1)?.userId ?? null);
      users.push(...list.users);
      everyoneIs.value = list.everyoneIs;
      if (!list.hasMore) break;
    }
    return new Map(users.map(({ userId, role }) => [userId, role]));
  }

  function take(told: readonly GivenRole[]): void {
    known = newsCount.value;
    if (given.value === null || told.length === 0) return;
    const roles = new Map(given.value);
    for (const { userId, role } of told) roles.set(userId, role);
    given.value = roles;
  }

  /** @throws RemoteFault as the server refuses */
  async function setRole(userId: Uuid, role: Role): Promise<void> {
    await client.commands.access.setRole(userId, role);
    // The server tells of it too, a moment later.
    if (given.value !== null) given.value = new Map(given.value).set(userId, role);
  }

  watch([mayRead, isConnected, newsCount], follow, { immediate: true });

  return { roleOf, setRole };
});
