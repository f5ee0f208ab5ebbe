import type { Uuid } from '@rookery/schemas/messages';

const nobody: ReadonlySet<number> = new Set();

/** Who listens to which rooms. Pure. */
export class ListenerIndex {
  readonly #byRoom = new Map<Uuid, Set<number>>();
  #count = 0;

  /** Rooms that sessions listen to, added up. */
  get count(): number {
    return this.#count;
  }

  /** Tokens; live. */
  listeners(roomId: Uuid): ReadonlySet<number> {
    return this.#byRoom.get(roomId) ?? nobody;
  }

  /** @param before the rooms that the session listened to until now */
  replace(sessionToken: number, before: readonly Uuid[], after: readonly Uuid[]): void {
    for (const roomId of before) {
      const listeners = this.#byRoom.get(roomId);
      listeners?.delete(sessionToken);
      if (listeners?.size === 0) this.#byRoom.delete(roomId);
    }
    for (const roomId of after) {
      const listeners = this.#byRoom.get(roomId) ?? new Set();
      this.#byRoom.set(roomId, listeners.add(sessionToken));
    }
    this.#count += after.length - before.length;
  }
}
