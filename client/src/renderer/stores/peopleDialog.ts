import type { Uuid } from '@rookery/schemas/messages';
import type { WindowDialog } from './windowStore.js';

/** Dialogs about rooms and people, which are loaded when one of them is opened. */
export type PeopleDialog =
  | { readonly kind: 'kick'; readonly userId: Uuid; readonly name: string }
  | { readonly kind: 'ban'; readonly userId: Uuid; readonly name: string }
  /** Where somebody, or a room, is to be. */
  | { readonly kind: 'movePerson'; readonly userId: Uuid; readonly name: string }
  | { readonly kind: 'moveRoom'; readonly roomId: Uuid }
  /** With which room another one is to be linked. */
  | { readonly kind: 'linkRoom'; readonly roomId: Uuid }
  | { readonly kind: 'roomPassword'; readonly roomId: Uuid }
  | { readonly kind: 'deleteRoom'; readonly roomId: Uuid }
  | { readonly kind: 'profile'; readonly userId: Uuid; readonly name: string }
  /** Under which name one is known. */
  | { readonly kind: 'ownName' };

const kinds = {
  kick: true,
  ban: true,
  movePerson: true,
  moveRoom: true,
  linkRoom: true,
  roomPassword: true,
  deleteRoom: true,
  profile: true,
  ownName: true,
} as const satisfies Record<PeopleDialog['kind'], true>;

/** @returns null where it is about something else */
export function peopleDialogOf(dialog: WindowDialog | null): PeopleDialog | null {
  return dialog !== null && Object.hasOwn(kinds, dialog.kind) ? (dialog as PeopleDialog) : null;
}
