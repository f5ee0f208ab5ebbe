import { defineStore } from 'pinia';
import { computed, reactive, ref, shallowReactive } from 'vue';
import type { RoomInfo, SessionInfo, Uuid } from '@rookery/schemas/messages';
import type { Mirror } from '@rookery/client/bridge/bridgeFace';
import type { ClientState } from '@rookery/client/host/clientState';
import { EngineLink } from '../link/engineLink.js';
import { openEnginePort } from '../link/enginePort.js';

/** What the engine shows, and the way to tell it what to do. The engine alone holds anything. */
export const useClientStore = defineStore('client', () => {
  const shown = reactive<{ state: ClientState | null }>({ state: null });
  const isEngineGone = ref(false);

  const mirror: Mirror = {
    replace(state) {
      shown.state = withShallowMaps(state as ClientState);
      isEngineGone.value = false;
    },
    get state() {
      return shown.state ?? {};
    },
  };
  const { commands } = new EngineLink(openEnginePort, mirror, () => {
    isEngineGone.value = true;
  });

  /** Only while `isReady`. */
  const state = computed(() => shown.state as ClientState);
  const isReady = computed(() => shown.state !== null);
  const connection = computed(() => shown.state?.connection ?? ({ phase: 'idle' } as const));
  const ownToken = computed(() =>
    'sessionToken' in connection.value ? connection.value.sessionToken : null,
  );
  /** Known also while a lost connection is tried for. */
  const ownUserId = computed<Uuid | null>((before) => {
    if ('userId' in connection.value) return connection.value.userId;
    return connection.value.phase === 'reconnecting' ? (before ?? null) : null;
  });
  const own = computed<SessionInfo | null>(() =>
    ownToken.value === null ? null : (state.value.sessions.get(ownToken.value) ?? null),
  );
  const ownRoom = computed<RoomInfo | null>(() => roomOf(own.value?.roomId ?? null));

  function roomOf(roomId: Uuid | null): RoomInfo | null {
    return roomId === null ? null : (state.value.rooms.get(roomId) ?? null);
  }

  return {
    state,
    isReady,
    isEngineGone,
    connection,
    ownToken,
    ownUserId,
    own,
    ownRoom,
    roomOf,
    commands,
  };
});

/** Their entries are replaced as wholes; thousands of them are not to be watched one by one. */
function withShallowMaps(state: ClientState): ClientState {
  const { rooms, sessions, people } = state;
  const [shallowRooms, shallowSessions] = [shallowReactive(rooms), shallowReactive(sessions)];
  return {
    ...state,
    rooms: shallowRooms,
    sessions: shallowSessions,
    people: shallowReactive(people),
  };
}
