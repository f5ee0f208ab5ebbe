import type { VoiceLimits } from '../limits.js';

/** Time constant of the measured rates. */
const smoothingMs = 500;
/** A room where this long nobody but one has spoken has nothing to wait for. */
const companyMs = 400;
/** Datagrams that a wait must be expected to save: a timer and a wake-up cost about as many. */
const savedDatagramsMin = 16;

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
  /** By room: who spoke last, and when last that was somebody else than before. */
  readonly #speaker: Uint32Array;
  readonly #companyAtMs: Float64Array;
  /** By room: frames taken a second, when that was, and how many heard the last. */
  readonly #takenPerSecond: Float64Array;
  readonly #takenAtMs: Float64Array;
  readonly #receivers: Uint32Array;

  /** @param nowMs that of `RelayClock` */
  constructor(limits: VoiceLimits, nowMs: Float64Array) {
    this.#nowMs = nowMs;
    const { roomsMax } = limits;
    this.#idlePerSecond = limits.bundleIdleFramesPerSecond;
    this.#busyPerSecond = limits.bundleBusyFramesPerSecond;
    this.#speaker = new Uint32Array(roomsMax);
    this.#companyAtMs = new Float64Array(roomsMax).fill(-Infinity);
    this.#takenPerSecond = new Float64Array(roomsMax);
    this.#takenAtMs = new Float64Array(roomsMax);
    this.#receivers = new Uint32Array(roomsMax);
  }

  /** Takes note of frames that were delivered to a room's receivers. */
  countDelivered(roomIndex: number, frames: number, receivers: number): void {
    const nowMs = this.#nowMs[0]!;
    this.#receivers[roomIndex] = receivers;
    this.#deliveredPerSecond *= Math.exp((this.#measuredAtMs - nowMs) / smoothingMs);
    this.#deliveredPerSecond += frames * (1_000 / smoothingMs);
    this.#measuredAtMs = nowMs;
  }

  /** Takes note of who speaks in a room. */
  countTaken(roomIndex: number, token: number): void {
    const nowMs = this.#nowMs[0]!;
    if (this.#speaker[roomIndex] !== token) {
      this.#speaker[roomIndex] = token;
      this.#companyAtMs[roomIndex] = nowMs;
    }
    const before = this.#takenPerSecond[roomIndex]!;
    const decay = Math.exp((this.#takenAtMs[roomIndex]! - nowMs) / smoothingMs);
    this.#takenPerSecond[roomIndex] = before * decay + 1_000 / smoothingMs;
    this.#takenAtMs[roomIndex] = nowMs;
  }

  /**
   * How long the first frame of a bundle may wait.
   *
   * @param windowUsMax the longest that the room allows
   * @returns whole microseconds
   */
  waitUs(roomIndex: number, windowUsMax: number): number {
    if (this.#nowMs[0]! - this.#companyAtMs[roomIndex]! > companyMs) return 0;
    const range = this.#busyPerSecond - this.#idlePerSecond;
    const share = (this.#deliveredPerSecond - this.#idlePerSecond) / range;
    const windowUs = Math.min(Math.max(share, 0), 1) * windowUsMax;
    const expected = (this.#takenPerSecond[roomIndex]! * windowUs) / 1_000_000;
    const saved = expected * this.#receivers[roomIndex]!;
    return saved < savedDatagramsMin ? 0 : Math.round(windowUs);
  }
}
