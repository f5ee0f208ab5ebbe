import { computed, nextTick, onScopeDispose, ref, type ComputedRef, type Ref } from 'vue';
import type { RoomInfo, Uuid } from '@rookery/schemas/messages';
import { useOfKey } from '../model/keyMap.js';
import { keyOfPerson, TreeRows, type TreeRow } from '../model/treeRows.js';
import { watchedAsWhole } from './watchedAsWhole.js';
import { useClientStore } from './clientStore.js';
import { useServerFace } from './serverFace.js';

/** A row that was scrolled to is drawn within so many frames. */
const framesMax = 10;

/**
 * The rows of the room tree: which there are, which is open, and which has the keyboard. For a
 * component's setup.
 *
 * @param scrollTo brings the row at an index into sight
 */
export function useRoomTree(scrollTo: (at: number) => void) {
  const client = useClientStore();
  const face = useServerFace();
  const filter = ref('');
  const focusedKey = ref<string | null>(null);
  const rows = useTreeRows(filter);
  /** One row can be reached by Tab; the arrows lead to the others. */
  const tabStop = computed(() =>
    rows.value.some(({ key }) => key === focusedKey.value)
      ? focusedKey.value
      : (rows.value[0]?.key ?? null),
  );

  function focus(at: number): void {
    const index = Math.min(Math.max(at, 0), rows.value.length - 1);
    const row = rows.value[index];
    if (row === undefined) return;
    focusedKey.value = row.key;
    scrollTo(index);
    void nextTick(() => focusWhenDrawn(row.key, framesMax));
  }

  /** The row that has come to where the one was that had the keyboard. */
  function focusAfterGone(before: readonly TreeRow[]): void {
    const at = before.findIndex(({ key }) => key === focusedKey.value);
    if (at >= 0) focus(at);
  }

  function enter(row: TreeRow, at: number): void {
    if (row.kind === 'room' && row.hasContent && !row.isOpen) face.toggle(row.room.roomId);
    else focus(at + 1);
  }

  function leave(row: TreeRow, at: number): void {
    if (row.kind === 'room' && row.hasContent && row.isOpen) face.toggle(row.room.roomId);
    else focus(rows.value.findLastIndex(({ depth }, i) => i < at && depth < row.depth));
  }

  /** The rooms at the top stay open: else nothing would be left. */
  function closeAll(): void {
    const { rooms } = client.state;
    const inner = [...rooms.values()].filter(({ parentId }) => parentId !== null);
    face.setClosed(inner.map(({ roomId }) => roomId));
  }

  function showMe(): void {
    const { own } = client;
    if (own === null) return;
    filter.value = '';
    const around = roomsAround(client.ownRoom, client.roomOf);
    const isHidden = [...around].some((roomId) => face.closed.has(roomId));
    if (isHidden) face.setClosed([...face.closed].filter((roomId) => !around.has(roomId)));
    focusKey(keyOfPerson(own), framesMax);
  }

  /** The row may have to come first: what is open is kept by the engine. */
  function focusKey(key: string, frames: number): void {
    const at = rows.value.findIndex((row) => row.key === key);
    if (at >= 0) focus(at);
    else if (frames > 0) requestAnimationFrame(() => focusKey(key, frames - 1));
  }

  useShowMeKey(showMe);

  return {
    rows,
    filter,
    focusedKey,
    tabStop,
    toggle: face.toggle,
    focus,
    focusAfterGone,
    enter,
    leave,
    closeAll,
    openAll: () => face.setClosed([]),
    /** Goes to the own row, wherever it is hidden. */
    showMe,
  };
}

/** @param filter a part of the names of those that are shown; '' shows everything */
function useTreeRows(filter: Ref<string>): ComputedRef<TreeRow[]> {
  const client = useClientStore();
  const face = useServerFace();
  const treeRows = new TreeRows();
  return computed(() => {
    const { rooms, sessions } = client.state;
    return treeRows.read({
      rooms: watchedAsWhole(rooms),
      sessions: watchedAsWhole(sessions),
      closed: face.closed,
      filter: filter.value,
    });
  });
}

/** A room and those that it lies in. */
function roomsAround(
  room: RoomInfo | null,
  roomOf: (roomId: Uuid | null) => RoomInfo | null,
): ReadonlySet<Uuid> {
  const around = new Set<Uuid>();
  let at = room;
  while (at !== null && !around.has(at.roomId)) {
    around.add(at.roomId);
    at = roomOf(at.parentId);
  }
  return around;
}

function useShowMeKey(showMe: () => void): void {
  const onKey = (event: KeyboardEvent): void => {
    if (useOfKey('everywhere', event) !== 'showMe') return;
    event.preventDefault();
    showMe();
  };
  window.addEventListener('keydown', onKey);
  onScopeDispose(() => window.removeEventListener('keydown', onKey));
}

function focusWhenDrawn(key: string, frames: number): void {
  const row = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  if (row !== null) row.focus();
  else if (frames > 0) requestAnimationFrame(() => focusWhenDrawn(key, frames - 1));
}
