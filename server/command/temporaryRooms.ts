import type { Uuid } from '@rookery/schemas/messages';
import { ServerError } from '../errors.js';
import type { RoomLimits } from '../roomLimits.js';
import type { Applied } from '../state/outcome.js';
import type { RoomChanges } from './roomChanges.js';
import { takeRoomAway, type RoomRemovalContext } from './roomCommands.js';

export interface TemporaryRoomsOptions extends RoomRemovalContext {
  readonly roomChanges: RoomChanges;
  readonly limits: RoomLimits;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/**
 * Takes temporary rooms away when nobody has been in them for a while; from the server's start on,
 * where nobody comes back. One with rooms below it stays for as long as those. Main thread.
 */
export class TemporaryRooms {
  readonly #options: TemporaryRoomsOptions;
  /** Temporary rooms that nobody is in, since when. */
  readonly #emptySinceMs = new Map<Uuid, number>();

  constructor(options: TemporaryRoomsOptions) {
    this.#options = options;
    for (const { roomId } of options.state.snapshot().rooms) this.#look(roomId);
  }

  /** To be told of all that an operation changed. */
  note({ changes, moves }: Applied): void {
    for (const change of changes) {
      if (change.kind === 'roomPut') this.#look(change.room.roomId);
      else if (change.kind === 'roomRemoved') this.#emptySinceMs.delete(change.roomId);
    }
    for (const { from, to } of moves) {
      if (from !== null) this.#look(from);
      if (to !== null) this.#look(to);
    }
  }

  /**
   * Takes away what has been empty for long enough. To be called now and then.
   *
   * @returns when that is done; rooms that could not be stored as gone are tried the next time
   */
  async sweep(): Promise<void> {
    await Promise.all(
      Array.from(this.#emptySinceMs.keys(), async (roomId) => {
        if (this.#isDue(roomId)) await this.#remove(roomId);
      }),
    );
  }

  #look(roomId: Uuid): void {
    const { state, nowMs } = this.#options;
    const isEmpty = state.room(roomId)?.isTemporary === true && state.members(roomId).size === 0;
    if (!isEmpty) this.#emptySinceMs.delete(roomId);
    else if (!this.#emptySinceMs.has(roomId)) this.#emptySinceMs.set(roomId, nowMs());
  }

  #isDue(roomId: Uuid): boolean {
    const { limits, nowMs } = this.#options;
    const sinceMs = this.#emptySinceMs.get(roomId);
    return sinceMs !== undefined && nowMs() - sinceMs >= limits.temporaryEmptyMs;
  }

  async #remove(roomId: Uuid): Promise<void> {
    try {
      await this.#options.roomChanges.inTurn(async () => {
        // Somebody may have come while other changes had their turn.
        if (this.#isDue(roomId)) await takeRoomAway(this.#options, roomId);
      });
    } catch (error) {
      // The store has said why nothing can be stored.
      if (!(error instanceof ServerError)) throw error;
    }
  }
}
