import type { PathTable } from '../tables/pathTable.js';
import { replayWords } from '../tables/pathTable.js';

/**
 * What a counter is to the window: `newest` goes beyond all before, `late` fills a gap behind,
 * `seen` was used already or is too old to tell.
 */
export type CounterAge = 'newest' | 'late' | 'seen';

const wordBits = 32;

/** Packets that may be overtaken: one word of the ring is the one being filled. */
export const replayWindowPackets = (replayWords - 1) * wordBits;

const twoPow32 = 0x1_0000_0000;

/**
 * Each session's window of accepted counters: a bitmap used as a ring of words, so that moving on
 * clears whole words and shifts nothing (RFC 6479). Its memory is the worker's path table. Relay
 * worker only; allocates nothing.
 */
export class ReplayWindow {
  readonly #highest: PathTable['columns']['replayHighest'];
  readonly #seen: PathTable['columns']['replaySeen'];

  constructor(paths: PathTable) {
    this.#highest = paths.columns.replayHighest;
    this.#seen = paths.columns.replaySeen;
  }

  /** Forgets everything: for a new session in the slot. */
  clear(slot: number): void {
    this.#highest.store(slot, 0, 0);
    this.#highest.store(slot, 1, 0);
    for (let word = 0; word < replayWords; word++) this.#seen.store(slot, word, 0);
  }

  /**
   * Takes a counter, once. Call it for authenticated packets only: others could push the window
   * past the sender.
   *
   * @param counter 0 … 2^48 − 1
   */
  accept(slot: number, counter: number): CounterAge {
    const highest = this.#highest.load(slot, 0) + this.#highest.load(slot, 1) * twoPow32;
    if (counter + replayWindowPackets <= highest) return 'seen';
    const block = Math.floor(counter / wordBits);
    const word = block % replayWords;
    if (counter > highest) {
      this.#advance(slot, counter, block, Math.floor(highest / wordBits));
      this.#seen.store(slot, word, this.#seen.load(slot, word) | (1 << (counter % wordBits)));
      return 'newest';
    }
    const bits = this.#seen.load(slot, word);
    const bit = 1 << (counter % wordBits);
    if ((bits & bit) !== 0) return 'seen';
    this.#seen.store(slot, word, bits | bit);
    return 'late';
  }

  /**
   * The highest counter moves before the words are cleared: a worker that dies in between leaves
   * counters marked as used that were not, never the other way round. Its high word moves first,
   * so that another worker that reads between the two takes it for higher than it is.
   */
  #advance(slot: number, counter: number, block: number, highestBlock: number): void {
    this.#highest.store(slot, 1, Math.floor(counter / twoPow32));
    this.#highest.store(slot, 0, counter);
    const words = Math.min(block - highestBlock, replayWords);
    for (let i = 0; i < words; i++) this.#seen.store(slot, (block - i) % replayWords, 0);
  }
}
