/**
 * Lets one change of the room tree happen after another: what a change was planned on is still so
 * when it has been written down, and is carried out then.
 */
export class RoomChanges {
  #latest: Promise<unknown> = Promise.resolve();

  /** @param change begins when all changes before it have ended, well or not */
  inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#latest.then(change);
    this.#latest = changed.catch(() => undefined);
    return changed;
  }
}
