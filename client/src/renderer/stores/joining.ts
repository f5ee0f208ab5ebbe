import { defineStore } from 'pinia';
import { reactive, watch } from 'vue';
import type { Uuid } from '@rookery/schemas/messages';
import { i18n } from '../i18n/index.js';
import { useClientStore } from './clientStore.js';
import { faultOf, wordsOfFault } from './faultWords.js';
import { useNotices } from './notices.js';
import { useWindowStore } from './windowStore.js';

/** Why a room was closed to the user when it wanted to enter. */
export type ClosedDoor = 'password' | 'refused';

/** Going into rooms, and what came of it. */
export const useJoining = defineStore('joining', () => {
  const client = useClientStore();
  const view = useWindowStore();
  const notices = useNotices();
  /** Rooms that did not let the user in, until one of them does or the rights are others. */
  const closedDoors = reactive(new Map<Uuid, ClosedDoor>());
  watch(
    () => client.state.permissions,
    () => closedDoors.clear(),
  );

  /** Asks for the password where the room wants one; says what else is wrong. */
  async function join(roomId: Uuid): Promise<void> {
    if (client.ownRoom?.roomId === roomId) return;
    try {
      await client.commands.engine.joinRoom(roomId);
      closedDoors.delete(roomId);
    } catch (error) {
      const fault = faultOf(error);
      const isRefused = fault.code === 'commandRefused';
      const door = isRefused ? await doorOf(roomId) : null;
      if (door !== null) closedDoors.set(roomId, door);
      if (door === 'password') view.dialog = { kind: 'roomPassword', roomId };
      else notices.tell('fault', wordsOfFault(fault, i18n.global.t));
    }
  }

  async function leave(): Promise<void> {
    await notices.attempt(() => client.commands.engine.leaveRoom());
  }

  /** @returns null where the rules let the user in: the room is full, or locked for now */
  async function doorOf(roomId: Uuid): Promise<ClosedDoor | null> {
    const userId = client.own?.userId;
    if (userId === undefined) return null;
    try {
      const { allowed, text } = await client.commands.access.explain(userId, 'enter', roomId);
      if (allowed) return null;
      // Names of rooms stand in quotes there.
      return /\bpassword\b/i.test(text.replace(/"[^"]*"/g, '')) ? 'password' : 'refused';
    } catch {
      return null;
    }
  }

  return { closedDoors, join, leave };
});
