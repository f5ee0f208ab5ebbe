import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { RoomInfo, SessionInfo } from '@rookery/schemas/messages';
import { useLive } from './live.js';
import { useOperator } from './operator.js';

/** Rooms, and who is here; read again when something of it has changed. */
export const useDirectory = defineStore('directory', () => {
  const operator = useOperator();
  const live = useLive();
  const rooms = shallowRef<readonly RoomInfo[]>([]);
  const sessions = shallowRef<readonly SessionInfo[]>([]);
  const isReading = shallowRef(false);
  const fault = shallowRef('');

  let isOutdated = false;

  async function read(): Promise<void> {
    if (operator.me === null) return;
    // What changes while it is read may not be in what comes.
    isOutdated = isReading.value;
    if (isReading.value) return;
    isReading.value = true;
    try {
      const [ofRooms, ofSessions] = await Promise.all([
        operator.api.ask<{ rooms: readonly RoomInfo[] }>('GET', '/rooms'),
        operator.api.ask<{ sessions: readonly SessionInfo[] }>('GET', '/sessions'),
      ]);
      rooms.value = ofRooms.rooms;
      sessions.value = ofSessions.sessions;
      fault.value = '';
    } catch (error) {
      fault.value = error instanceof Error ? error.message : String(error);
    } finally {
      isReading.value = false;
    }
    if (isOutdated) await read();
  }

  watch(
    () => live.changes,
    () => void read(),
  );

  const roomsById = computed(() => new Map(rooms.value.map((room) => [room.roomId, room])));
  const roomName = (roomId: string | null): string =>
    roomId === null ? '–' : (roomsById.value.get(roomId)?.name ?? '…');

  return { rooms, sessions, isReading, fault, read, roomsById, roomName };
});
