import type { UpdatesState } from '../host/updatesState.js';

/** What the main process of Electron says to the engine's process. */
export type ShellOrder =
  /** With a port: a window has come. */
  | { readonly kind: 'window' }
  /** From the menu of the tray. */
  | { readonly kind: 'toggleMute' }
  | { readonly kind: 'toggleDeafen' }
  /** A `rookery://` link was opened. */
  | { readonly kind: 'link'; readonly text: string }
  /** Look for a newer version, and tell what is known then. */
  | { readonly kind: 'lookForUpdates' }
  /** Say goodbye to the server, and end. */
  | { readonly kind: 'quit' };

/** What the engine's process tells the main process. */
export type ShellNews =
  | { readonly kind: 'glance'; readonly glance: ShellGlance }
  /** What came of `lookForUpdates`. */
  | { readonly kind: 'updates'; readonly updates: UpdatesState }
  /** It cannot start; a message for the user. */
  | { readonly kind: 'failed'; readonly message: string };

/** As much of the client's state as tray and windows need. */
export interface ShellGlance {
  readonly isMuted: boolean;
  readonly isDeafened: boolean;
  readonly isConnected: boolean;
  readonly language: 'en' | 'de' | 'system';
  readonly closesToTray: boolean;
  readonly startsWithSystem: boolean;
}

/** Before the engine has said anything. */
export const firstGlance: ShellGlance = {
  isMuted: false,
  isDeafened: false,
  isConnected: false,
  language: 'system',
  closesToTray: false,
  startsWithSystem: false,
};
