import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { FileFacts, TalkInfo, TextMessage, Uuid } from '@rookery/schemas/messages';
import type { SettingsPageId } from '../components/settings/settingsPages.js';
import type { AdminDialog } from './adminDialog.js';
import { placeOfRoom, placeOfTalk, type Place } from '../model/place.js';
import type { PeopleDialog } from './peopleDialog.js';
import { useClientStore } from './clientStore.js';

/** A page over the window; one at a time. */
export type WindowDialog =
  | { readonly kind: 'settings'; readonly page?: SettingsPageId }
  | { readonly kind: 'keyMap' }
  | { readonly kind: 'deleteMessage' | 'reportMessage'; readonly message: TextMessage }
  | { readonly kind: 'picture' | 'removeFile'; readonly facts: FileFacts }
  /** A talk as it is to be; a new one where none is named. */
  | { readonly kind: 'talk'; readonly talkId: Uuid | null }
  | AdminDialog
  | PeopleDialog;

/** What stands on the right; null: nothing. */
export type SidePanel = 'members' | 'search' | 'pins' | null;

/** A message that is to be brought onto the screen. */
export type WantedMessage = Pick<TextMessage, 'messageId'> & { readonly placeId: Uuid };

/** What this window looks at. Another window may look elsewhere, so no engine knows of it. */
export const useWindowStore = defineStore('window', () => {
  const client = useClientStore();
  /** Room or talk whose text is read, where one chose one. */
  const chosenId = ref<Uuid | null>(null);
  const dialog = shallowRef<WindowDialog | null>(null);
  const sidePanel = ref<SidePanel>('members');
  /** Whoever shows that place shows it, and takes it away here. */
  const wantedMessage = shallowRef<WantedMessage | null>(null);
  /** Where the settings were left. */
  const settingsPage = ref<SettingsPageId | null>(null);

  const shownTalk = computed<TalkInfo | null>(
    () => client.state.talks.find(({ talkId }) => talkId === chosenId.value) ?? null,
  );
  /** The room that one chose, else the own one; null while a talk is shown. */
  const shownRoom = computed(() =>
    shownTalk.value === null ? (client.roomOf(chosenId.value) ?? client.ownRoom) : null,
  );
  /** Where one reads and writes. */
  const shownPlace = computed<Place | null>(() => {
    if (shownTalk.value !== null) return placeOfTalk(shownTalk.value, client.ownUserId);
    return shownRoom.value === null ? null : placeOfRoom(shownRoom.value);
  });
  watch(
    () => client.ownRoom?.roomId,
    (roomId) => {
      if (roomId !== undefined) chosenId.value = roomId;
    },
  );

  /** @param placeId of a room or talk */
  function look(placeId: Uuid): void {
    chosenId.value = placeId;
  }

  return { shownRoom, shownTalk, shownPlace, dialog, sidePanel, wantedMessage, settingsPage, look };
});
