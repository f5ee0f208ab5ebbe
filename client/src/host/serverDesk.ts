import { join } from 'node:path';
import { ClientError } from '../engine/clientError.js';
import { parseServerAddress } from '../engine/serverAddress.js';
import { readServerCard, type SeenServer } from '../engine/serverCard.js';
import {
  forgetKnownServers,
  glanceAtServerPin,
  listKnownServers,
  type KnownServer,
} from '../engine/serverPins.js';
import type { Bookmark } from './bookmarks.js';
import { CardReader } from './cardReader.js';
import {
  besideBookmarks,
  recentServers,
  usualForm,
  withUse,
  type RecentServer,
} from './recentServers.js';
import { SettingsFile } from './settingsFile.js';

/** A server as it shows itself, beside what this profile knows of it. */
export interface ShownServer extends Omit<SeenServer, 'fingerprints'> {
  /** Of its key, as parseFingerprint() writes it; nobody has vouched for it. */
  readonly fingerprint: string;
  readonly pin: 'known' | 'unknown' | 'changed';
}

/** Longer than a server answers that is worth to wait for. */
const lookMsMax = 5_000;

/** What windows ask of servers that one is not on: how they are, which are known, where one was. */
export class ServerDesk {
  private readonly cards = new CardReader((address) => this.look(address));
  private readonly file: SettingsFile<readonly RecentServer[]>;
  private recents: readonly RecentServer[] = [];
  private shown: {
    readonly recents: readonly RecentServer[];
    readonly bookmarks: readonly Bookmark[];
    readonly beside: readonly RecentServer[];
  } | null = null;
  private readonly closing = new AbortController();

  /** @param onChange the list of recent servers is another one */
  constructor(
    private readonly profileFolder: string,
    private readonly onChange: () => void,
  ) {
    const path = join(profileFolder, 'recent.json');
    this.file = new SettingsFile({ path, schema: recentServers, usual: [] });
  }

  /** Reads what is kept. */
  async open(): Promise<void> {
    this.recents = await this.file.read();
  }

  /** Where one was lately; the same list as before where nothing changed. */
  recentsBeside(bookmarks: readonly Bookmark[]): readonly RecentServer[] {
    const { recents, shown } = this;
    if (shown?.recents === recents && shown.bookmarks === bookmarks) return shown.beside;
    const beside = besideBookmarks(recents, bookmarks);
    this.shown = { recents, bookmarks, beside };
    return beside;
  }

  /** One is on a server. */
  async noteUse(used: RecentServer): Promise<void> {
    await this.keep(withUse(this.recents, used));
  }

  /**
   * Looks at a server, or tells what was seen a moment ago.
   *
   * @throws ClientError `invalidAddress`, or as readServerCard()
   */
  readCard(address: string): Promise<ShownServer> {
    return this.cards.read(usualForm(address));
  }

  /** Servers whose key is known, by address. @throws ClientError `knownServersUnreadable` */
  known(): Promise<readonly KnownServer[]> {
    return listKnownServers(this.profileFolder);
  }

  /** @param address as known() gives it; null for all. @throws as known() */
  async forgetKnown(address: string | null): Promise<void> {
    await forgetKnownServers(this.profileFolder, address);
  }

  /** @param address null for all */
  async forgetRecent(address: string | null): Promise<void> {
    await this.keep(this.recents.filter((each) => address !== null && each.address !== address));
  }

  close(): void {
    this.closing.abort();
  }

  private async look(text: string): Promise<ShownServer> {
    if (typeof text !== 'string') throw new ClientError('invalidInput', 'an address is a text');
    const address = parseServerAddress(text);
    const { signal } = this.closing;
    const { fingerprints, ...seen } = await readServerCard({
      address,
      timeoutMs: lookMsMax,
      signal,
    });
    const pin = await glanceAtServerPin(this.profileFolder, address, fingerprints);
    return { ...seen, fingerprint: fingerprints.key, pin };
  }

  private async keep(recents: readonly RecentServer[]): Promise<void> {
    this.recents = recents;
    this.onChange();
    await this.file.write(recents);
  }
}
