import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fieldLimits } from '@rookery/schemas/protocol';
import { z } from 'zod';
import { parseServerAddress } from '../engine/serverAddress.js';
import type { SettingsFault } from '../engine/settingsFault.js';
import { bookmark, type Bookmark, type BookmarkDraft } from './bookmarks.js';
import { checked } from './checked.js';
import type { ConnectWish, Destination } from './connectWish.js';
import type { Keychain } from './keychain.js';
import { usualForm } from './recentServers.js';
import { SettingsFile } from './settingsFile.js';

/** Bounds what a file that people edit, or a window, can make it hold. */
const bookmarksMax = 1_000;

const bookmarkList = z.array(bookmark).max(bookmarksMax).readonly();

const serverPassword = z.string().min(1).max(fieldLimits.passwordBytesMax);

export interface BookmarkDeskOptions {
  /** Of `bookmarks.json`. */
  readonly profileFolder: string;
  readonly keychain: Keychain;
  readonly onChange: () => void;
  readonly onFault: (fault: SettingsFault) => void;
}

/**
 * The servers that the user keeps, with the passwords of them that the system's keychain keeps.
 * Changes are shown at once; a command resolves when they are on the disk.
 */
export class BookmarkDesk {
  private readonly file: SettingsFile<readonly Bookmark[]>;
  private bookmarks: readonly Bookmark[] = [];

  constructor(private readonly options: BookmarkDeskOptions) {
    this.file = new SettingsFile<readonly Bookmark[]>({
      path: join(options.profileFolder, 'bookmarks.json'),
      schema: bookmarkList,
      usual: [],
      onFault: options.onFault,
    });
  }

  get all(): readonly Bookmark[] {
    return this.bookmarks;
  }

  /** Reads them, and follows what somebody edits by hand, until close(). */
  async open(): Promise<void> {
    this.bookmarks = await this.file.read();
    await this.file.follow((bookmarks) => {
      this.bookmarks = bookmarks;
      this.options.onChange();
    });
  }

  close(): Promise<void> {
    return this.file.close();
  }

  /** @returns its id. @throws ClientError `invalidAddress` */
  async add(draft: BookmarkDraft): Promise<string> {
    parseServerAddress(draft.address);
    const bookmarkId = randomUUID();
    await this.keep([...this.bookmarks, { ...draft, bookmarkId, usedAtMs: 0, hasPassword: false }]);
    return bookmarkId;
  }

  /** @throws ClientError `invalidAddress` */
  async change(bookmarkId: string, change: Partial<BookmarkDraft>): Promise<void> {
    if (change.address !== undefined) parseServerAddress(change.address);
    const before = this.find(bookmarkId);
    if (before === undefined) return;
    const { hasPassword, address } = before;
    // A password is one server's, and is not to be shown to another.
    const isElsewhere = change.address !== undefined && change.address !== address;
    if (hasPassword && isElsewhere) await this.options.keychain.drop(bookmarkId);
    const kept = { hasPassword: hasPassword && !isElsewhere };
    await this.replace(bookmarkId, { ...change, ...kept });
  }

  async remove(bookmarkId: string): Promise<void> {
    if (this.find(bookmarkId)?.hasPassword === true) await this.options.keychain.drop(bookmarkId);
    await this.keep(this.bookmarks.filter((kept) => kept.bookmarkId !== bookmarkId));
  }

  /** @param at place in the list where it is to stand. @param group left out: as before */
  async move(bookmarkId: string, at: number, group?: string): Promise<void> {
    const moved = this.find(bookmarkId);
    if (moved === undefined) return;
    const others = this.bookmarks.filter((kept) => kept !== moved);
    const placed = group === undefined ? moved : { ...moved, group };
    await this.keep(others.toSpliced(at, 0, placed));
  }

  /** @throws ClientError `noKeychain` */
  async keepPassword(bookmarkId: string, password: string): Promise<void> {
    if (this.find(bookmarkId) === undefined) return;
    await this.options.keychain.keep(bookmarkId, checked(serverPassword, password));
    await this.replace(bookmarkId, { hasPassword: true });
  }

  /** @throws ClientError `noKeychain` */
  async forgetPassword(bookmarkId: string): Promise<void> {
    await this.options.keychain.forget(bookmarkId);
    await this.replace(bookmarkId, { hasPassword: false });
  }

  /** A kept password goes to the server that it was kept for, and to no other. */
  async withKeptPassword({ bookmarkId, ...wish }: ConnectWish): Promise<Destination> {
    const bookmark = this.find(bookmarkId);
    const isWanted = wish.password === undefined && bookmark?.hasPassword === true;
    if (!isWanted || bookmark.address !== wish.address) return wish;
    const password = await this.options.keychain.read(bookmark.bookmarkId);
    return password === null ? wish : { ...wish, password };
  }

  /** @param address as formatServerAddress() writes it. @param usedAtMs since 1970 */
  noteUse(address: string, usedAtMs: number): Promise<void> {
    return this.keep(
      this.bookmarks.map((kept) =>
        usualForm(kept.address) === address ? { ...kept, usedAtMs } : kept,
      ),
    );
  }

  private find(bookmarkId: string | undefined): Bookmark | undefined {
    return this.bookmarks.find((kept) => kept.bookmarkId === bookmarkId);
  }

  private replace(bookmarkId: string, change: Partial<Bookmark>): Promise<void> {
    return this.keep(
      this.bookmarks.map((kept) =>
        kept.bookmarkId === bookmarkId ? { ...kept, ...change, bookmarkId } : kept,
      ),
    );
  }

  private async keep(bookmarks: readonly Bookmark[]): Promise<void> {
    this.bookmarks = checked(bookmarkList, bookmarks);
    this.options.onChange();
    await this.file.write(this.bookmarks);
  }
}
