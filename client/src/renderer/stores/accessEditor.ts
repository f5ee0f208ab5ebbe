import { computed, ref, shallowReactive, shallowRef, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import type { RoomRulesInfo, Uuid } from '@rookery/schemas/messages';
import type { Permission } from '@rookery/schemas/permissions';
import {
  draftOfRules,
  isSameDraft,
  shownPermissions,
  type AccessDraft,
} from '../model/accessDraft.js';
import { decideAll, inheritedEntries, pathOf, type DraftSubject } from '../model/draftDecision.js';
import { readAccess, type ReadAccess } from './accessKnowledge.js';
import { useClientStore } from './clientStore.js';
import { faultOf } from './faultWords.js';
import { shownRights, type AccessNames, type ShownRight } from './ruleWords.js';

/** Rules of a room as a draft with an undo, saved as a whole. */
export function useAccessEditor(roomId: Uuid) {
  const client = useClientStore();
  const { access } = client.commands;
  const saved = shallowRef<RoomRulesInfo | null>(null);
  const known = shallowRef<ReadAccess | null>(null);
  const steps = useDraftSteps();
  const { draft, change, undo } = steps;
  const fault = ref('');
  /** Rules that somebody else saved meanwhile. */
  const theirs = shallowRef<RoomRulesInfo | null>(null);
  const isSaving = ref(false);
  const addedNames = shallowReactive(new Map<Uuid, string>());

  const isChanged = computed(
    () =>
      draft.value !== null &&
      saved.value !== null &&
      !isSameDraft(draft.value, draftOfRules(saved.value)),
  );
  const inherited = computed(() => inheritedEntries(known.value, draft.value));
  const names = useAccessNames(known, addedNames);

  async function read(): Promise<void> {
    fault.value = '';
    try {
      known.value = await readAccess(client.commands, pathOf(client.state.rooms, roomId));
      start(known.value.rules.get(roomId)!);
    } catch (error) {
      fault.value = faultOf(error).message;
    }
  }

  function start(rules: RoomRulesInfo): void {
    saved.value = rules;
    theirs.value = null;
    steps.start(draftOfRules(rules));
  }

  /** @returns whether it was saved; else `fault` or `theirs` says why */
  async function save(): Promise<boolean> {
    if (draft.value === null || saved.value === null || isSaving.value) return false;
    isSaving.value = true;
    fault.value = '';
    const { version, requiredRole } = saved.value;
    const doors = { requiredRole, password: null };
    try {
      await access.setRules({ roomId, version, ...draft.value, ...doors });
      await read();
      return true;
    } catch (error) {
      fault.value = faultOf(error).message;
      const now = await access.readRules(roomId).catch(() => null);
      if (now !== null && now.version !== version) theirs.value = now;
      return false;
    } finally {
      isSaving.value = false;
    }
  }

  function takeTheirs(): void {
    if (theirs.value !== null) start(theirs.value);
    fault.value = '';
  }

  /** The own draft is to be saved over what they did. */
  function keepMine(): void {
    saved.value = theirs.value;
    theirs.value = null;
    fault.value = '';
  }

  void read();
  const shown = { saved, known, draft, inherited, names, addedNames };
  const progress = { fault, theirs, isChanged, isSaving, canUndo: steps.canUndo };
  return { ...shown, ...progress, read, change, undo, save, takeTheirs, keepMine };
}

/** A draft with those before it, to go back to. */
function useDraftSteps() {
  const steps = shallowRef<readonly AccessDraft[]>([]);
  const draft = computed(() => steps.value.at(-1) ?? null);
  return {
    draft,
    canUndo: computed(() => steps.value.length > 1),
    start: (first: AccessDraft): void => {
      steps.value = [first];
    },
    change: (next: AccessDraft): void => {
      if (draft.value !== null && isSameDraft(draft.value, next)) return;
      steps.value = [...steps.value, next];
    },
    undo: (): void => {
      if (steps.value.length > 1) steps.value = steps.value.slice(0, -1);
    },
  };
}

/** How whatever entries name is called, as far as it was read. */
function useAccessNames(
  known: { readonly value: ReadAccess | null },
  added: ReadonlyMap<Uuid, string>,
): AccessNames {
  const client = useClientStore();
  const { t } = useI18n();
  const read = computed(() => {
    const listed = [...(known.value?.rules.values() ?? [])].flatMap((rules) => rules.names);
    const groups = (known.value?.groups ?? []).map(({ groupId, name }) => ({ id: groupId, name }));
    return new Map([...listed, ...groups].map(({ id, name }) => [id, name]));
  });
  const nameOf = (id: Uuid): string =>
    read.value.get(id) || added.get(id) || t('access.nameless', { id: id.slice(0, 8) });
  return {
    room: (roomId) => client.roomOf(roomId)?.name ?? roomId,
    group: nameOf,
    user: nameOf,
  };
}

/**
 * What a draft lets somebody do, and why: decided here where all is known that it rests on; else
 * by the server, of the rules as they are saved.
 */
export function useShownRights(
  editor: ReturnType<typeof useAccessEditor>,
  roomId: Uuid,
  subject: { readonly value: DraftSubject },
) {
  const client = useClientStore();
  const { t } = useI18n();
  const told = shallowRef<ReadonlyMap<Permission, ShownRight>>(new Map());
  const isLocal = computed(() => editor.known.value?.isComplete === true);

  const decided = computed(() => {
    const [known, draft] = [editor.known.value, editor.draft.value];
    if (known === null || draft === null || !isLocal.value) return null;
    return shownRights(decideAll(known, draft, subject.value), editor.names, t);
  });

  watch(
    [() => subject.value, editor.saved, isLocal],
    async ([asked, , decidesHere]) => {
      told.value = new Map();
      if (decidesHere || asked.type !== 'user' || editor.saved.value === null) return;
      const answers = await Promise.all(
        shownPermissions.map(async (permission) => {
          const answer = client.commands.access.explain(asked.userId, permission, roomId);
          const found = await answer.catch(() => null);
          return found === null ? null : ([permission, found] as const);
        }),
      );
      if (subject.value !== asked) return;
      const known = answers.filter((answer) => answer !== null);
      told.value = new Map(
        known.map(([name, { allowed, text }]) => [name, { allowed, words: text }]),
      );
    },
    { immediate: true },
  );

  return { isLocal, rights: computed(() => decided.value ?? told.value) };
}
