import assert from 'node:assert/strict';
import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import type { VoiceLimits } from '../limits.js';
import type { ReceiverListsMemory } from './receiverLists.js';
import { ReceiverListWriter } from './receiverLists.js';
import { whisperTable } from './whisperTable.js';

/** What a worker needs to see the whisper lists. */
export interface WhisperTablesMemory {
  readonly rows: SharedTableMemory;
  readonly lists: ReceiverListsMemory;
}

/** All that the main thread writes of whispers. Main thread only; no I/O. */
export class WhisperTables {
  readonly memory: WhisperTablesMemory;
  readonly #rows;
  readonly #lists: ReceiverListWriter;

  constructor({ whisperReceiversMax, whisperListsMax }: VoiceLimits) {
    this.#rows = whisperTable.allocate(whisperListsMax);
    this.#lists = new ReceiverListWriter(whisperReceiversMax, whisperListsMax);
    this.memory = { rows: this.#rows.memory, lists: this.#lists.memory };
  }

  /**
   * Makes the list, or puts others in it.
   *
   * @param listId 1 … `whisperListsMax`
   * @param owner token of the session that may whisper to it
   * @param receivers tokens
   */
  set(listId: number, owner: number, receivers: readonly number[]): void {
    const row = this.#rowOf(listId);
    this.#lists.publish(row, Uint32Array.from(receivers), receivers.length);
    this.#rows.columns.owner.store(row, owner);
  }

  remove(listId: number): void {
    const row = this.#rowOf(listId);
    this.#rows.columns.owner.store(row, 0);
    this.#lists.publish(row, new Uint32Array(0), 0);
  }

  #rowOf(listId: number): number {
    assert(listId >= 1 && listId <= this.#rows.rows, `whisper list ${listId}`);
    return listId - 1;
  }
}
