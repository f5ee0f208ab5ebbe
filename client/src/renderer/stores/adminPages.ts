import { computed, type ComputedRef } from 'vue';
import type { Permission } from '@rookery/schemas/permissions';
import { rootRoomId } from '@rookery/schemas/protocol';
import { useClientStore } from './clientStore.js';
import { useOwnRights } from './ownRights.js';

/** A page of the administration with the right that opens it; its title is `admin.page.ID`. */
const pages = [
  { id: 'users', needs: 'register' },
  { id: 'groups', needs: 'administer' },
  { id: 'roles', needs: 'register' },
  { id: 'bans', needs: 'ban' },
  { id: 'invites', needs: 'manageInvites' },
  { id: 'reports', needs: 'moderateText' },
  { id: 'audit', needs: 'ban' },
  { id: 'server', needs: 'administer' },
] as const satisfies readonly { readonly id: string; readonly needs: Permission }[];

export type AdminPageId = (typeof pages)[number]['id'];

/** Those that the own rights open, as they are now. */
export function useAdminPages(): ComputedRef<readonly AdminPageId[]> {
  const client = useClientStore();
  // It belongs to rooms, and reports to the first of them: the State tells of the own room alone.
  const ofFirstRoom = useOwnRights(() => rootRoomId, ['moderateText']);
  return computed(() => {
    const { server } = client.state.permissions;
    const isOpen = (needs: Permission): boolean =>
      server.includes(needs) || (needs === 'moderateText' && ofFirstRoom.can(needs));
    return pages.filter(({ needs }) => isOpen(needs)).map(({ id }) => id);
  });
}
