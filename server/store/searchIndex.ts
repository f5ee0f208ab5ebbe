import { uuidBytes, uuidFromBytes, uuidToBytes, writeUuid } from '@rookery/schemas/uuid';
import type { Uuid } from '@rookery/schemas/messages';
import type { StoreLimits } from '../limits.js';
import { idKey, keyBehind, pairKey } from './keys.js';
import { decodeStoredMessage, type StoredMessage } from './messageRecord.js';
import type { SearchQuery, SearchWord } from './searchQuery.js';
import { searchTerms } from './searchTerms.js';
import type { Tables, Write } from './tables.js';

/** What one look into the index found. */
export interface SearchHits {
  /** At most as many as were asked for, the newest first. */
  readonly messageIds: readonly Uuid[];
  /** Where to go on: older messages than this one were not looked at. null where all were. */
  readonly goOnBefore: Uuid | null;
}

export interface SearchRequest {
  readonly roomId: Uuid;
  readonly query: SearchQuery;
  /** Only older messages are looked for; null for all. */
  readonly before: Uuid | null;
  readonly countMax: number;
}

/** Where the index says how far it goes. */
const progressKey = new TextEncoder().encode('indexedUntil');

/** Between a term and the message's id; no term holds it. */
const separator = Uint8Array.of(0);

const nothing = new Uint8Array(0);

/**
 * Which words stand in which messages: an entry for each word of each message, so that the messages
 * of a room with a word lie beside each other in order of time, and those with several words are
 * found by going through the shortest steps that all of them allow (a leapfrog join).
 *
 *     room id (16) ‖ word ‖ 0 ‖ message id (16) → nothing
 *
 * Messages are entered a moment after they were sent, many at once but never too many, so that
 * nobody who sends waits for it; what was not entered when the server ended is entered after the
 * next start. Main thread.
 */
export class SearchIndex {
  readonly #tables: Tables;
  readonly #limits: StoreLimits;
  #noted: Pick<StoredMessage, 'roomId' | 'messageId'>[] = [];
  #timer: NodeJS.Timeout | null = null;
  #entering: Promise<void> = Promise.resolve();
  /** Whether every message up to the newest that was entered is there. */
  #isWhole = false;

  constructor(tables: Tables, limits: StoreLimits) {
    this.#tables = tables;
    this.#limits = limits;
  }

  /** A message that is durable is to be found. In the order of their ids. */
  noteAppended({ roomId, messageId }: StoredMessage): void {
    if (this.#noted.length >= this.#limits.unindexedMax) {
      // The next start enters it.
      this.#isWhole = false;
      return;
    }
    this.#noted.push({ roomId, messageId });
    this.#schedule();
  }

  /** Belongs into the commit that changes the text of a message. */
  changeWrites(before: StoredMessage, after: StoredMessage): Write[] {
    const kept = new Set(searchTerms(after.text));
    const gone = searchTerms(before.text).filter((term) => !kept.has(term));
    return [
      ...gone.map((term): Write => this.#write(before, term, null)),
      ...Array.from(kept, (term): Write => this.#write(after, term, nothing)),
    ];
  }

  /** Belongs into the commit that removes a message. */
  removeWrites(message: StoredMessage): Write[] {
    return searchTerms(message.text).map((term) => this.#write(message, term, null));
  }

  /**
   * Enters what is not there yet: after a start, and after a commit that failed.
   *
   * @param roomIds all that have messages
   * @param after gives messages of a room after one, the oldest first
   */
  async catchUp(
    roomIds: readonly Uuid[],
    after: (roomId: Uuid, messageId: Uuid | null) => readonly StoredMessage[],
  ): Promise<void> {
    const indexedUntil = this.#indexedUntil();
    for (const roomId of roomIds) {
      let last = indexedUntil;
      for (;;) {
        const messages = after(roomId, last);
        if (messages.length === 0) break;
        await this.#tables.commit(messages.flatMap((message) => this.#appendWrites(message)));
        last = messages.at(-1)!.messageId;
      }
    }
    this.#isWhole = true;
  }

  /** Enters all that was noted; settles once it is durable. */
  async flush(): Promise<void> {
    do {
      await this.#enterSome();
    } while (this.#noted.length > 0);
  }

  /** Looks for messages with all words, for a bounded time. */
  find({ roomId, query, before, countMax }: SearchRequest): SearchHits {
    const walk = new IndexWalk(this.#tables, roomId, this.#limits.searchStepsMax);
    const words = query.words.map((word) => walk.prefixesOf(word));
    const messageIds: Uuid[] = [];
    let bound: Bound = { id: before, isIncluded: false };
    while (messageIds.length < countMax) {
      const hit = walk.nextHit(words, bound);
      if (hit === 'none') return { messageIds, goOnBefore: null };
      if ('stoppedAt' in hit) return { messageIds, goOnBefore: hit.stoppedAt };
      messageIds.push(hit.found);
      bound = { id: hit.found, isIncluded: false };
    }
    return { messageIds, goOnBefore: messageIds.at(-1)! };
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.#enterSome();
      if (this.#noted.length > 0) this.#schedule();
    }, this.#limits.indexDelayMs).unref();
  }

  /** Some of what was noted, after what is under way. */
  #enterSome(): Promise<void> {
    this.#entering = this.#entering.then(() => this.#enter());
    return this.#entering;
  }

  async #enter(): Promise<void> {
    const noted = this.#noted.splice(0, this.#limits.indexedAtOnceMax);
    const last = noted.at(-1);
    if (last === undefined) return;
    try {
      // As they are now: meanwhile they may have been changed or removed.
      const writes = noted.flatMap(({ roomId, messageId }) => {
        const bytes = this.#tables.get('messages', pairKey(roomId, messageId));
        if (bytes === null) return [];
        return this.#appendWrites(decodeStoredMessage(roomId, messageId, bytes));
      });
      if (this.#isWhole) {
        writes.push({ table: 'searchState', key: progressKey, value: idKey(last.messageId) });
      }
      await this.#tables.commit(writes);
    } catch {
      // The progress is not written any more from now on, so the next start enters them.
      this.#isWhole = false;
    }
  }

  #appendWrites(message: StoredMessage): Write[] {
    return searchTerms(message.text).map((term) => this.#write(message, term, nothing));
  }

  #write(message: StoredMessage, term: string, value: Uint8Array | null): Write {
    const termBytes = Buffer.byteLength(term);
    const key = Buffer.allocUnsafe(2 * uuidBytes + termBytes + separator.length);
    writeUuid(message.roomId, key, 0);
    key.write(term, uuidBytes, 'utf8');
    key.set(separator, uuidBytes + termBytes);
    writeUuid(message.messageId, key, key.length - uuidBytes);
    return { table: 'searchTerms', key, value };
  }

  #indexedUntil(): Uuid | null {
    const bytes = this.#tables.get('searchState', progressKey);
    return bytes === null ? null : uuidFromBytes(bytes);
  }
}

/** The newest message to look at; of all where the id is null. */
interface Bound {
  readonly id: Uuid | null;
  readonly isIncluded: boolean;
}

/** Entries of one word, or of all that begin with it: what stands before the message ids. */
type Prefixes = readonly Uint8Array[];

/** One search on its way through the index, with the steps that it may still make. */
class IndexWalk {
  readonly #tables: Tables;
  readonly #roomId: Uuid;
  #stepsLeft: number;

  constructor(tables: Tables, roomId: Uuid, stepsMax: number) {
    this.#tables = tables;
    this.#roomId = roomId;
    this.#stepsLeft = stepsMax;
  }

  /** The word itself; or the first words that begin with it, as many as `beginningsMax`. */
  prefixesOf({ term, isBeginning }: SearchWord): Prefixes {
    const word = wordPrefix(this.#roomId, term);
    if (!isBeginning) return [Buffer.concat([word, separator])];
    const prefixes: Uint8Array[] = [];
    let from: Uint8Array = word;
    const to = keyBehind(word);
    while (prefixes.length < beginningsMax) {
      const range = { table: 'searchTerms', from, to, order: 'ascending', countMax: 1 } as const;
      const [key] = this.#tables.keys(range);
      if (key === undefined) break;
      const prefix = key.subarray(0, key.length - uuidBytes);
      prefixes.push(prefix);
      from = keyBehind(prefix);
    }
    return prefixes;
  }

  /** The newest message within the bound that has an entry for each of the words. */
  nextHit(
    words: readonly Prefixes[],
    first: Bound,
  ): { readonly found: Uuid } | { readonly stoppedAt: Uuid | null } | 'none' {
    let bound = first;
    let agreeing = 0;
    for (let index = 0; ; index = (index + 1) % words.length) {
      if (this.#stepsLeft <= 0) return { stoppedAt: boundAbove(bound) };
      const id = this.#newest(words[index]!, bound);
      if (id === null) return 'none';
      agreeing = bound.isIncluded && id === bound.id ? agreeing + 1 : 1;
      bound = { id, isIncluded: true };
      if (agreeing === words.length) return { found: id };
    }
  }

  #newest(prefixes: Prefixes, bound: Bound): Uuid | null {
    let newest: Uuid | null = null;
    for (const prefix of prefixes) {
      this.#stepsLeft -= 1;
      const to = bound.id === null ? keyBehind(prefix) : this.#keyAt(prefix, bound);
      const range = { table: 'searchTerms', from: prefix, to } as const;
      const [key] = this.#tables.keys({ ...range, order: 'descending', countMax: 1 });
      if (key === undefined) continue;
      const id = uuidFromBytes(key.subarray(key.length - uuidBytes));
      if (newest === null || id > newest) newest = id;
    }
    return newest;
  }

  #keyAt(prefix: Uint8Array, { id, isIncluded }: Bound): Uint8Array {
    const key = Buffer.concat([prefix, uuidToBytes(id!)]);
    return isIncluded ? keyBehind(key) : key;
  }
}

/** More words that begin alike than anybody means. */
const beginningsMax = 16;

function wordPrefix(roomId: Uuid, term: string): Uint8Array {
  return Buffer.concat([idKey(roomId), Buffer.from(term, 'utf8')]);
}

/** The message before which a search goes on that stopped at a bound. */
function boundAbove({ id, isIncluded }: Bound): Uuid | null {
  if (id === null || !isIncluded) return id;
  return uuidFromBytes(keyBehind(uuidToBytes(id)));
}
