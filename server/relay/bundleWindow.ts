import type { VoiceLimits } from '../limits.js';

/** Time constant of the measured rates. */
const smoothingMs = 500;
/** A room where this long nobody but one has spoken has nothing to wait for. */
const companyMs = 400;
/** Datagrams that a wait must be expected to save: a timer and a wake-up cost about as many. */
const savedDatagramsMin = 16;

/**
 * What is kept of a room, side by side, because many rooms take turns: who spoke last, and when
 * last that was somebody else than before; frames taken a second, and when that was; how many heard
 * the last.
 */
const Field = {
  speaker: 0,
  companyAtMs: 1,
  takenPerSecond: 2,
  takenAtMs: 3,
  receivers: 4,
} as const;
/** As many numbers as fill a cache line. */
const fields = 8;

/**
 * How long a frame may wait for others to travel with. Not at all while the worker has little to
 * do: then datagrams cost nothing that matters. From there it grows with the frames that are
 * delivered, which is load that does not shrink by bundling, so that the window does not swing
 * with its own effect. And only where enough others can be expected to come.
 *
 *     window
 *      max ┤         ┌────
 *          │       ╱
 *        0 ┼─────╱
 *          └─────┴───┴──── frames delivered a second (frames × receivers)
 *             idle   busy
 *
 * Relay worker only; no clock of its own; allocates nothing.
 */
export class BundleWindow {
  readonly #idlePerSecond: number;
  readonly #busyPerSecond: number;
  readonly #nowMs: Float64Array;
  #deliveredPerSecond = 0;
  #measuredAtMs = 0;
  /** By room, as `Field` has it. */
  readonly #rooms: Float64Array;

  /** @param nowMs that of `RelayClock` */
  constructor(limits: VoiceLimits, nowMs: Float64Array) {
    this.#nowMs = nowMs;
    this.#idlePerSecond = limits.bundleIdleFramesPerSecond;
    this.#busyPerSecond = limits.bundleBusyFramesPerSecond;
    this.#rooms = new Float64Array(limits.roomsMax * fields);
    for (let room = 0; room < limits.roomsMax; room++) {
      this.#rooms[room * fields + Field.companyAtMs] = -Infinity;
    }
  }

  /** Takes note of frames that were delivered to a room's receivers. */
  countDelivered(roomIndex: number, frames: number, receivers: number): void {
    const nowMs = this.#nowMs[0]!;
    this.#rooms[roomIndex * fields + Field.receivers] = receivers;
    this.#deliveredPerSecond *= Math.exp((this.#measuredAtMs - nowMs) / smoothingMs);
    this.#deliveredPerSecond += frames * (1_000 / smoothingMs);
    this.#measuredAtMs = nowMs;
  }

  /** Whether this worker delivers so many frames a second, or more. */
  delivers(perSecond: number): boolean {
    const agoMs = this.#nowMs[0]! - this.#measuredAtMs;
    return this.#deliveredPerSecond * Math.exp(-agoMs / smoothingMs) >= perSecond;
  }

  /** Whether somebody else than the last speaker has spoken in the room just now. */
  hasCompany(roomIndex: number): boolean {
    return this.#nowMs[0]! - this.#rooms[roomIndex * fields + Field.companyAtMs]! <= companyMs;
  }

  /** How many may hear the room, when that was last sent to. */
  receiversOf(roomIndex: number): number {
    return this.#rooms[roomIndex * fields + Field.receivers]!;
  }

  /** Takes note of who speaks in a room. */
  countTaken(roomIndex: number, token: number): void {
    const nowMs = this.#nowMs[0]!;
    const rooms = this.#rooms;
    const at = roomIndex * fields;
    if (rooms[at + Field.speaker] !== token) {
      rooms[at + Field.speaker] = token;
      rooms[at + Field.companyAtMs] = nowMs;
    }
    const before = rooms[at + Field.takenPerSecond]!;
    const decay = Math.exp((rooms[at + Field.takenAtMs]! - nowMs) / smoothingMs);
    rooms[at + Field.takenPerSecond] = before * decay + 1_000 / smoothingMs;
    rooms[at + Field.takenAtMs] = nowMs;
  }

  /**
   * How long the first frame of a bundle may wait.
   *
   * @param windowUsMax the longest that the room allows
   * @returns whole microseconds
   */
  waitUs(roomIndex: number, windowUsMax: number): number {
    if (!this.hasCompany(roomIndex)) return 0;
    const rooms = this.#rooms;
    const at = roomIndex * fields;
    const range = this.#busyPerSecond - this.#idlePerSecond;
    const share = (this.#deliveredPerSecond - this.#idlePerSecond) / range;
    const windowUs = Math.min(Math.max(share, 0), 1) * windowUsMax;
    const expected = (rooms[at + Field.takenPerSecond]! * windowUs) / 1_000_000;
    const saved = expected * rooms[at + Field.receivers]!;
    return saved < savedDatagramsMin ? 0 : Math.round(windowUs);
  }
}
