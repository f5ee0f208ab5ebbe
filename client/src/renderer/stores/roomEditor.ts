import { computed, reactive, ref, shallowRef, watch } from 'vue';
import type { Uuid } from '@rookery/schemas/messages';
import {
  changeBetween,
  draftOf,
  faultsOf,
  isNoChange,
  type RoomDraft,
  type RoomField,
} from '../model/roomDraft.js';
import { useClientStore } from './clientStore.js';
import { faultOf } from './faultWords.js';
import { useOwnRights } from './ownRights.js';
import { saveRoom, type Refused } from './saveRoom.js';
import type { RoomEditorTarget } from './adminDialog.js';

/** A room that is edited or made: what stands in its form, and what the server says to it. */
export function useRoomEditor(target: RoomEditorTarget) {
  const client = useClientStore();
  const { engine, access } = client.commands;
  const roomId = ref<Uuid | null>('roomId' in target ? target.roomId : null);
  const room = computed(() => client.roomOf(roomId.value));
  const parentId = 'parentId' in target ? target.parentId : null;
  const rights = useOwnRights(
    () => roomId.value ?? parentId,
    ['editRoom', 'deleteRoom', 'editAcl', 'createRoom', 'createTemporaryRoom'],
  );
  const hasPassword = ref(false);
  const before = shallowRef<RoomDraft>(draftOf(room.value, null));
  const draft = reactive<RoomDraft>({ ...before.value });
  const refused = shallowRef<Refused>({});
  const isSaving = ref(false);
  const faults = computed(() => faultsOf(draft));
  const change = computed(() => changeBetween(before.value, draft));
  const isChanged = computed(() => roomId.value === null || !isNoChange(change.value));

  // Doors are no part of a room as all see it: only who may change them reads them.
  watch(
    () => (rights.can('editAcl') ? roomId.value : null),
    async (readId) => {
      if (readId === null) return;
      const rules = await access.readRules(readId).catch(() => null);
      if (rules === null) return;
      const { requiredRole } = rules;
      hasPassword.value = rules.hasPassword;
      if (draft.requiredRole === before.value.requiredRole) draft.requiredRole = requiredRole;
      before.value = { ...before.value, requiredRole };
    },
    { immediate: true },
  );
  // Who may make rooms that go by themselves, and no others, makes such a one.
  watch(
    () => rights.isKnown.value && roomId.value === null && !rights.can('createRoom'),
    (isTemporary) => {
      if (isTemporary) draft.isTemporary = true;
    },
    { immediate: true },
  );

  /** @returns whether all of it was taken; what was not stays in the form */
  async function save(): Promise<boolean> {
    if (Object.keys(faults.value).length > 0 || isSaving.value) return false;
    isSaving.value = true;
    refused.value = await (roomId.value === null ? make() : saveChange());
    isSaving.value = false;
    return Object.keys(refused.value).length === 0;
  }

  /** Once it is made the form is that of the room: what was refused can be tried again. */
  async function make(): Promise<Refused> {
    const { name, isTemporary } = draft;
    try {
      const lasts = isTemporary ? 'whileInUse' : 'forGood';
      const madeId = await engine.createRoom(parentId!, name, lasts);
      before.value = { ...before.value, name, isTemporary };
      roomId.value = madeId;
    } catch (error) {
      return { name: faultOf(error).message };
    }
    return saveChange();
  }

  async function saveChange(): Promise<Refused> {
    if (room.value === null) return {};
    const said = await saveRoom(client.commands, room.value, change.value);
    before.value = takenOf(before.value, draft, said);
    return said;
  }

  const form = { draft, faults, refused, isSaving, isChanged, hasPassword };
  return { room, roomId, parentId, rights, ...form, save };
}

/** What the form is compared to from now on: what was refused was not taken. */
function takenOf(before: RoomDraft, draft: RoomDraft, refused: Refused): RoomDraft {
  if (refused.form !== undefined) return before;
  const kept = Object.keys(refused) as RoomField[];
  return { ...draft, ...Object.fromEntries(kept.map((field) => [field, before[field]])) };
}
