import type { WhisperList } from '@rookery/client/host/whisperLists';

/** What of a whisper list is filled in. */
export type WhisperDraft = Pick<WhisperList, 'name' | 'people' | 'rooms' | 'withChildren'>;

/** Somebody, or a room, in a whisper list. */
export type WhisperTarget =
  | { readonly kind: 'person'; readonly id: string; readonly name: string }
  | { readonly kind: 'room'; readonly id: string; readonly name: string };

/** More than this, of people and of rooms, no list holds. */
export const whisperTargetsMax = 64;

/** Lists that are kept. */
export const whisperListsMax = 64;

export const emptyWhisper: WhisperDraft = { name: '', people: [], rooms: [], withChildren: false };

/** Everybody in it, then the rooms. */
export function targetsOf({ people, rooms }: WhisperDraft): readonly WhisperTarget[] {
  return [
    ...people.map(({ userId, name }) => ({ kind: 'person', id: userId, name }) as const),
    ...rooms.map(({ roomId, name }) => ({ kind: 'room', id: roomId, name }) as const),
  ];
}

/** The same list with one more; with its new name where it was in there; full ones stay. */
export function withTarget(draft: WhisperDraft, { kind, id, name }: WhisperTarget): WhisperDraft {
  if (kind === 'person') {
    const others = draft.people.filter(({ userId }) => userId !== id);
    if (others.length >= whisperTargetsMax) return draft;
    return { ...draft, people: [...others, { userId: id, name }] };
  }
  const others = draft.rooms.filter(({ roomId }) => roomId !== id);
  if (others.length >= whisperTargetsMax) return draft;
  return { ...draft, rooms: [...others, { roomId: id, name }] };
}

export function withoutTarget(draft: WhisperDraft, { kind, id }: WhisperTarget): WhisperDraft {
  return kind === 'person'
    ? { ...draft, people: draft.people.filter(({ userId }) => userId !== id) }
    : { ...draft, rooms: draft.rooms.filter(({ roomId }) => roomId !== id) };
}

/** What keeps a list from being of use; null: nothing. */
export function faultOfWhisper(draft: WhisperDraft): 'unnamed' | 'forNobody' | null {
  if (draft.name.trim() === '') return 'unnamed';
  return targetsOf(draft).length === 0 ? 'forNobody' : null;
}

/** The lists with this one in the place of what it was, or at their end. */
export function withList(lists: readonly WhisperList[], list: WhisperList): WhisperList[] {
  const isThere = lists.some(({ listId }) => listId === list.listId);
  if (!isThere) return [...lists, list];
  return lists.map((kept) => (kept.listId === list.listId ? list : kept));
}
