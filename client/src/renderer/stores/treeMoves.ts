import { ref } from 'vue';
import type { RoomInfo, SessionInfo, Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { useI18n } from 'vue-i18n';
import { isAboveLikely, mayLikely } from '../model/likelyRights.js';
import { isWithin, positionsAfterStep } from '../model/roomOrder.js';
import { sortedChildren, type TreeRow } from '../model/treeRows.js';
import { useClientStore } from './clientStore.js';
import { useJoining } from './joining.js';
import { useNotices } from './notices.js';
import { useRoles } from './roles.js';

/** What is on its way to another room: by the mouse, or cut by the keyboard. */
export type Carried =
  | { readonly kind: 'person'; readonly session: SessionInfo }
  | { readonly kind: 'room'; readonly room: RoomInfo };

/** Moving people and rooms in the tree. For a component's setup. */
export function useTreeMoves() {
  const client = useClientStore();
  const joining = useJoining();
  const notices = useNotices();
  const roleBook = useRoles();
  const { t } = useI18n();
  /** Dragged, or cut; null: nothing. */
  const carried = ref<Carried | null>(null);
  /** The room that would take it now. */
  const targetId = ref<Uuid | null>(null);

  function mayCarry(row: TreeRow): boolean {
    const own = client.state.permissions;
    if (row.kind === 'room') return row.room.roomId !== rootRoomId && mayLikely(own, 'moveRoom');
    const { sessionToken, userId } = row.session;
    if (sessionToken === client.ownToken) return true;
    return mayLikely(own, 'moveUsers') && isAboveLikely(own, roleBook.roleOf(userId));
  }

  function carry(row: TreeRow): boolean {
    if (!mayCarry(row)) return false;
    carried.value =
      row.kind === 'room'
        ? { kind: 'room', room: row.room }
        : { kind: 'person', session: row.session };
    return true;
  }

  function letGo(): void {
    carried.value = null;
    targetId.value = null;
  }

  /** Whether it would become anything else there. */
  function fits(roomId: Uuid): boolean {
    const what = carried.value;
    if (what === null) return false;
    if (what.kind === 'person') {
      // He may have gone elsewhere since he was taken.
      const { sessionToken } = what.session;
      return client.state.sessions.get(sessionToken)?.roomId !== roomId;
    }
    return what.room.parentId !== roomId && !isWithin(client.state.rooms, roomId, what.room.roomId);
  }

  /** Puts what is carried into a room; who is refused is told why. */
  async function drop(roomId: Uuid): Promise<void> {
    const what = carried.value;
    if (what === null || !fits(roomId)) {
      letGo();
      return;
    }
    letGo();
    const { engine, moderation } = client.commands;
    const room = client.roomOf(roomId)?.name ?? '';
    if (what.kind === 'room') {
      const isDone = await notices.attempt(() => engine.moveRoom(what.room.roomId, roomId));
      if (isDone) notices.tell('done', t('tree.moved', { what: what.room.name, room }));
      return;
    }
    const { session } = what;
    if (session.sessionToken === client.ownToken) {
      await joining.join(roomId);
      return;
    }
    const isDone = await notices.attempt(() => moderation.move(session.userId, roomId));
    if (isDone) notices.tell('done', t('tree.moved', { what: session.displayName, room }));
  }

  /** One place up or down among the rooms beside it. */
  async function step(room: RoomInfo, by: 1 | -1): Promise<void> {
    const siblings = sortedChildren(client.state.rooms.values()).get(room.parentId) ?? [];
    const positions = positionsAfterStep(siblings, room.roomId, by);
    await notices.attempt(async () => {
      for (const [roomId, position] of positions) {
        await client.commands.engine.editRoom(roomId, { position });
      }
    });
  }

  return { carried, targetId, mayCarry, carry, letGo, fits, drop, step };
}
