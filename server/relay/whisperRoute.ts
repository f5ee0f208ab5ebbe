import type { ReceiverListReader } from '../tables/receiverLists.js';
import type { WhisperTable } from '../tables/whisperTable.js';

/** Why a whisper reaches nobody. */
export type WhisperFault = 'dropWhisperList' | 'dropRace';

const unreadVersion = -1;

/** A list as this worker last read it. */
interface CachedList {
  tokens: Uint32Array;
  version: number;
}

/**
 * Who hears a whisper: the tokens of its list, read again only when they have changed. Relay
 * worker only; a whisper to an unchanged list allocates nothing.
 */
export class WhisperRoute {
  /** Of the last list that was found. */
  tokens: Uint32Array = new Uint32Array(0);
  readonly #rows: WhisperTable;
  readonly #lists: ReceiverListReader;
  readonly #cached: (CachedList | null)[];

  constructor(rows: WhisperTable, lists: ReceiverListReader) {
    this.#rows = rows;
    this.#lists = lists;
    this.#cached = new Array<CachedList | null>(rows.rows).fill(null);
  }

  /** Looks for a list of the sender's; `tokens` holds it where there is no fault. */
  find(listId: number, sender: number): WhisperFault | null {
    const row = listId - 1;
    if (row < 0 || row >= this.#rows.rows) return 'dropWhisperList';
    if (this.#rows.columns.owner.load(row) !== sender) return 'dropWhisperList';
    const cached = (this.#cached[row] ??= { tokens: this.tokens, version: unreadVersion });
    const version = this.#lists.version(row);
    if (version !== cached.version) {
      const tokens = this.#lists.read(row);
      if (tokens === null) return 'dropRace';
      cached.tokens = tokens;
      cached.version = version;
    }
    // The list may be another's by now, whose receivers are none of the sender's business.
    if (this.#rows.columns.owner.load(row) !== sender) return 'dropWhisperList';
    this.tokens = cached.tokens;
    return null;
  }
}
