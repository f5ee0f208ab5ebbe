import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Uuid } from '@rookery/schemas/messages';
import type { SettingsPageId } from '../components/settings/settingsPages.js';
import type { AdminDialog } from './adminDialog.js';
import { useClientStore } from './clientStore.js';

/** A page over the window; one at a time. */
export type WindowDialog =
  | { readonly kind: 'settings'; readonly page?: SettingsPageId }
  | { readonly kind: 'keyMap' }
  | AdminDialog;

/** What stands on the right; null: nothing. */
export type SidePanel = 'members' | null;

/** What this window looks at. Another window may look elsewhere, so no engine knows of it. */
export const useWindowStore = defineStore('window', () => {
  const client = useClientStore();
  /** Room whose text is read, where one chose one. */
  const chosenRoomId = ref<Uuid | null>(null);
  const dialog = shallowRef<WindowDialog | null>(null);
  const sidePanel = ref<SidePanel>('members');
  /** Where the settings were left. */
  const settingsPage = ref<SettingsPageId | null>(null);

  /** The room that one chose, else the own one. */
  const shownRoom = computed(() => client.roomOf(chosenRoomId.value) ?? client.ownRoom);
  watch(
    () => client.ownRoom?.roomId,
    (roomId) => {
      if (roomId !== undefined) chosenRoomId.value = roomId;
    },
  );

  function look(roomId: Uuid): void {
    chosenRoomId.value = roomId;
  }

  return { shownRoom, dialog, sidePanel, settingsPage, look };
});
