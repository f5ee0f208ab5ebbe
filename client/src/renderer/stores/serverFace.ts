import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { ServerFace } from '@rookery/client/host/faceSettings';
import type { Uuid } from '@rookery/schemas/messages';
import { useClientStore } from './clientStore.js';
import { useNotices } from './notices.js';

const untouched: ServerFace = { closedIds: [], noticeLevels: {} };

/** How the rooms of the server at hand are shown; kept for the next time, on every server. */
export const useServerFace = defineStore('serverFace', () => {
  const client = useClientStore();
  const notices = useNotices();
  const fingerprint = computed(() =>
    'fingerprint' in client.connection ? client.connection.fingerprint : null,
  );
  const face = computed(() => {
    const { servers } = client.state.settings;
    return (fingerprint.value === null ? undefined : servers[fingerprint.value]) ?? untouched;
  });
  /** Rooms whose content is hidden. */
  const closed = computed<ReadonlySet<Uuid>>(() => new Set(face.value.closedIds));
  /** Rooms of which nothing is told but mentions. */
  const quiet = computed<ReadonlySet<Uuid>>(() => {
    const levels = Object.entries(face.value.noticeLevels);
    return new Set(levels.flatMap(([roomId, level]) => (level === 'mentions' ? [roomId] : [])));
  });

  function change(next: Partial<ServerFace>): void {
    const name = fingerprint.value;
    if (name === null) return;
    const others = Object.entries(client.state.settings.servers).filter(([key]) => key !== name);
    // Last: those that were not seen for long are forgotten first.
    const servers = { ...Object.fromEntries(others), [name]: { ...face.value, ...next } };
    void notices.attempt(() => client.commands.shell.changeSettings({ servers }));
  }

  function setClosed(roomIds: Iterable<Uuid>): void {
    // Rooms that are gone are forgotten.
    const closedIds = [...roomIds].filter((roomId) => client.state.rooms.has(roomId));
    change({ closedIds });
  }

  function toggle(roomId: Uuid): void {
    setClosed(toggled(closed.value, roomId));
  }

  function toggleQuiet(roomId: Uuid): void {
    const { [roomId]: before, ...others } = face.value.noticeLevels;
    const isQuiet = before === 'mentions';
    const noticeLevels = isQuiet ? others : { ...others, [roomId]: 'mentions' as const };
    change({ noticeLevels });
  }

  return { closed, quiet, setClosed, toggle, toggleQuiet };
});

function toggled(all: ReadonlySet<Uuid>, roomId: Uuid): ReadonlySet<Uuid> {
  const next = new Set(all);
  if (!next.delete(roomId)) next.add(roomId);
  return next;
}
