import { captureLimits } from './captureLimits.js';
import { capturePoints, storedLevel, type CaptureTable } from './captureTable.js';

/**
 * Levels at the points of the chain, put into the table every few steps. One thread; allocates
 * nothing.
 */
export class LevelMeters {
  readonly #columns: CaptureTable['columns'];
  readonly #peaks = new Float64Array(capturePoints.length);
  readonly #powers = new Float64Array(capturePoints.length);
  #steps = 0;

  constructor(columns: CaptureTable['columns']) {
    this.#columns = columns;
  }

  /** @param point its index in `capturePoints`, @param step what is there now */
  take(point: number, step: Float32Array): void {
    let peak = this.#peaks[point]!;
    let power = 0;
    for (let i = 0; i < step.length; i++) {
      const level = Math.abs(step[i]!);
      if (level > peak) peak = level;
      power += level * level;
    }
    this.#peaks[point] = peak;
    this.#powers[point]! += power / step.length;
  }

  /** A step is over, all its points taken. */
  endStep(): void {
    if (++this.#steps < captureLimits.levelSteps) return;
    for (let point = 0; point < capturePoints.length; point++) {
      const power = this.#powers[point]! / this.#steps;
      const peak = this.#peaks[point]!;
      this.#columns.peaks.store(0, point, storedLevel(20 * Math.log10(peak)));
      this.#columns.rms.store(0, point, storedLevel(10 * Math.log10(power)));
    }
    this.#peaks.fill(0);
    this.#powers.fill(0);
    this.#steps = 0;
  }
}
