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
import { decideAll, inheritedEntries, type DraftSubject } from '../model/draftDecision.js';
import type { AccessSource, ReadAccess } from './accessSource.js';
import { faultOf } from './faultWords.js';
import { shownRights, type AccessNames, type ShownRight } from './ruleWords.js';

/** Somebody who may be named in an entry. */
export interface NamedUser {
  readonly userId: Uuid;
  readonly name: string;
}

/**
 * Rules of a room as a draft with an undo, saved as a whole.
 *
 * @param people who are here, as they are called
 */
export function useAccessEditor(
  roomId: Uuid,
  source: AccessSource,
  people: () => readonly NamedUser[],
) {
  const saved = shallowRef<RoomRulesInfo | null>(null);
  const known = shallowRef<ReadAccess | null>(null);
  const { draft, canUndo, restart, change, undo } = useDraftSteps();
  const fault = ref('');
  /** Rules that somebody else saved meanwhile. */
  const theirs = shallowRef<RoomRulesInfo | null>(null);
  const isSaving = ref(false);
  const isChanged = computed(
    () =>
      draft.value !== null &&
      saved.value !== null &&
      !isSameDraft(draft.value, draftOfRules(saved.value)),
  );
  const inherited = computed(() => inheritedEntries(known.value, draft.value));
  const { names, added } = useAccessNames(source, known, people);

  async function read(): Promise<void> {
    fault.value = '';
    try {
      known.value = await source.read();
      start(known.value.rules.get(roomId)!);
    } catch (error) {
      fault.value = faultOf(error).message;
    }
  }

  function start(rules: RoomRulesInfo): void {
    saved.value = rules;
    theirs.value = null;
    restart(draftOfRules(rules));
  }

  /** @returns whether it was saved; else `fault` or `theirs` says why */
  async function save(): Promise<boolean> {
    if (draft.value === null || saved.value === null || isSaving.value) return false;
    isSaving.value = true;
    fault.value = '';
    const own = saved.value;
    try {
      const now = draft.value;
      await source.save(own, now);
      // Nothing of it is unsaved while it is read again.
      saved.value = { ...own, ...now };
      await read();
      return true;
    } catch (error) {
      fault.value = faultOf(error).message;
      const now = await source.readRules().catch(() => null);
      if (now !== null && now.version !== own.version) theirs.value = now;
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
  const shown = { saved, known, draft, inherited, names, added };
  const progress = { fault, theirs, isChanged, isSaving, canUndo };
  return { ...shown, ...progress, read, change, undo, save, takeTheirs, keepMine };
}

/** A draft with those before it, to go back to. */
function useDraftSteps() {
  const steps = shallowRef<readonly AccessDraft[]>([]);
  const draft = computed(() => steps.value.at(-1) ?? null);
  return {
    draft,
    canUndo: computed(() => steps.value.length > 1),
    restart: (first: AccessDraft): void => {
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

/** How whatever entries name is called, as far as it is known. */
function useAccessNames(
  source: AccessSource,
  known: { readonly value: ReadAccess | null },
  people: () => readonly NamedUser[],
): { readonly names: AccessNames; readonly added: Map<Uuid, string> } {
  const { t } = useI18n();
  /** Those for whom an entry was added, who need not be here. */
  const added = shallowReactive(new Map<Uuid, string>());
  const read = computed(() => {
    const listed = [...(known.value?.rules.values() ?? [])].flatMap((rules) => rules.names);
    const groups = (known.value?.groups ?? []).map(({ groupId, name }) => ({ id: groupId, name }));
    return new Map([...listed, ...groups].map(({ id, name }) => [id, name]));
  });
  const here = computed(() => new Map(people().map(({ userId, name }) => [userId, name])));
  const nameOf = (id: Uuid): string => {
    const found = read.value.get(id) || added.get(id) || here.value.get(id);
    return found || t('access.nameless', { id: id.slice(0, 8) });
  };
  const room = (roomId: Uuid): string => source.roomName(roomId);
  return { names: { room, group: nameOf, user: nameOf }, added };
}

/**
 * What a draft lets somebody do, and why: decided here where all is known that it rests on; else
 * by the server, of the rules as they are saved.
 */
export function useShownRights(
  editor: ReturnType<typeof useAccessEditor>,
  source: AccessSource,
  subject: { readonly value: DraftSubject },
) {
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
      const { explain } = source;
      if (decidesHere || explain === null) return;
      if (asked.type !== 'user' || editor.saved.value === null) return;
      const answers = await Promise.all(
        shownPermissions.map(async (permission) => {
          const found = await explain(asked.userId, permission).catch(() => null);
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
