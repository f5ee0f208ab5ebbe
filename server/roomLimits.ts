/** Bounds of what happens to rooms by itself. */
export interface RoomLimits {
  /**
   * A temporary room is taken away when nobody was in it for so long: time to come back after a
   * lost connection or a restart, and for its maker to enter.
   */
  readonly temporaryEmptyMs: number;
}

/** Part of `controlLimits`. */
export const roomLimits: RoomLimits = { temporaryEmptyMs: 10_000 };
