import type { VoiceLimits } from '../limits.js';

/** Time constant of the measured rate. */
const smoothingMs = 500;
/** A room where this long nobody but one has spoken has nothing to wait for. */
const companyMs = 400;

/**
 * How long a frame may wait for others to travel with. Not at all while the worker has little to
 * do: then datagrams cost nothing that matters. From there it grows with the frames that are
 * delivered, which is load that does not shrink by bundling, so that the window does not swing
 * with its own effect.
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
  #framesPerSecond = 0;
  #measuredAtMs = 0;
  /** Who spoke last in each room, and when last that was somebody else than before. */
  readonly #speaker: Uint32Array;
  readonly #companyAtMs: Float64Array;

  constructor(limits: VoiceLimits) {
    this.#idlePerSecond = limits.bundleIdleFramesPerSecond;
    this.#busyPerSecond = limits.bundleBusyFramesPerSecond;
    this.#speaker = new Uint32Array(limits.roomsMax);
    this.#companyAtMs = new Float64Array(limits.roomsMax).fill(-Infinity);
  }

  /** Takes note of frames that were delivered. */
  count(frames: number, nowMs: number): void {
    this.#framesPerSecond *= Math.exp((this.#measuredAtMs - nowMs) / smoothingMs);
    this.#framesPerSecond += frames * (1_000 / smoothingMs);
    this.#measuredAtMs = nowMs;
  }

  /** Takes note of who speaks in a room. @returns the longest wait of the frame, ms */
  waitOf(roomIndex: number, token: number, windowMsMax: number, nowMs: number): number {
    if (this.#speaker[roomIndex] !== token) {
      this.#speaker[roomIndex] = token;
      this.#companyAtMs[roomIndex] = nowMs;
    }
    if (nowMs - this.#companyAtMs[roomIndex]! > companyMs) return 0;
    const range = this.#busyPerSecond - this.#idlePerSecond;
    const share = (this.#framesPerSecond - this.#idlePerSecond) / range;
    return Math.min(Math.max(share, 0), 1) * windowMsMax;
  }
}
