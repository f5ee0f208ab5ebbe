import type { Uuid } from '@rookery/schemas/messages';
import type { AdminPageId } from './adminPages.js';
import type { WindowDialog } from './windowStore.js';

/** Dialogs of the administration, which are loaded together with none of the window. */
export type AdminDialog =
  /** A room as it is to be; a new one below another, where that is named. */
  | ({ readonly kind: 'roomEditor' } & RoomEditorTarget)
  /** Who may do what in a room. */
  | { readonly kind: 'access'; readonly roomId: Uuid }
  | { readonly kind: 'administration'; readonly page?: AdminPageId }
  /** Makes a link that lets others in. */
  | { readonly kind: 'invite' }
  /** Uses an invitation or the owner's token. */
  | { readonly kind: 'redeem' }
  /** The password beside the own key. */
  | { readonly kind: 'accountPassword' };

/** Which room is edited, or below which one is made. */
export type RoomEditorTarget = { readonly roomId: Uuid } | { readonly parentId: Uuid };

/** @returns null where it is none of the administration */
export function adminDialogOf(dialog: WindowDialog | null): AdminDialog | null {
  switch (dialog?.kind) {
    case 'roomEditor':
    case 'access':
    case 'administration':
    case 'invite':
    case 'redeem':
    case 'accountPassword':
      return dialog;
    default:
      return null;
  }
}
