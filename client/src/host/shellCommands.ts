import type { KeyAction } from '../keys/keyCombination.js';
import type { BookmarkDraft } from './bookmarks.js';
import type { ConnectWish } from './connectWish.js';
import type { FaceSettings } from './faceSettings.js';
import type { WhisperWish } from './whisperLists.js';

/** Commands of a window that are no engine's. */
export interface ShellCommands {
  connect(wish: ConnectWish): Promise<void>;
  disconnect(): Promise<void>;
  addBookmark(draft: BookmarkDraft): Promise<string>;
  changeBookmark(bookmarkId: string, change: Partial<BookmarkDraft>): Promise<void>;
  removeBookmark(bookmarkId: string): Promise<void>;
  /** @param at place in the list where it is to stand. @param group left out: as before */
  moveBookmark(bookmarkId: string, at: number, group?: string): Promise<void>;
  changeSettings(change: Partial<FaceSettings>): Promise<void>;
  /** A window saw a bound key; it does nothing where the keys of all windows are seen anyway. */
  keyAction(action: KeyAction, isDown: boolean): void;
  /** @throws ClientError `noKeychain` */
  keepPassword(bookmarkId: string, password: string): Promise<void>;
  /** @throws ClientError `noKeychain` */
  forgetPassword(bookmarkId: string): Promise<void>;
  /** @param answer the passphrase, or `trustAnswer`; null gives up */
  answerPrompt(promptId: number, answer: string | null): Promise<void>;
  /**
   * Shows in every window where a `rookery://` link leads; nothing is connected yet.
   *
   * @throws ClientError `invalidAddress`
   */
  openLink(text: string): void;
  /** A window has taken up the link that was opened. */
  takeLink(): void;
  /** As of `Whispering`: for as long as a key or a button is held. */
  beginWhisper(wish: WhisperWish): Promise<void>;
  endWhisper(): void;
  /** Somebody looks at a talk: a call that was missed there is none any more. */
  forgetMissedCall(talkId: string): void;
  /** Somebody has read what is wrong with the files of settings. */
  dismissSettingsFaults(): void;
}
