import type { BenchOutput } from '../bench.js';

/** A part of a grid, and how long it takes on a machine that has nothing else to do. */
export interface GridStep {
  readonly name: string;
  readonly seconds: number;
}

/** Tells which part of a grid begins, and when all of them will be over. */
export class GridProgress {
  readonly #steps: readonly GridStep[];
  readonly #output: BenchOutput;
  readonly #nowMs: () => number;
  readonly #startMs: number;
  #begun = 0;

  /** @param nowMs a clock that never goes back */
  constructor(steps: readonly GridStep[], output: BenchOutput, nowMs = () => performance.now()) {
    this.#steps = steps;
    this.#output = output;
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  /** The next step begins. What is left is told at the pace of those that are over. */
  begin(): void {
    const { name } = this.#steps[this.#begun]!;
    const doneSeconds = sum(this.#steps.slice(0, this.#begun));
    const leftSeconds = sum(this.#steps.slice(this.#begun));
    const tookSeconds = (this.#nowMs() - this.#startMs) / 1_000;
    const pace = doneSeconds === 0 ? 1 : tookSeconds / doneSeconds;
    this.#begun++;
    const place = `[${this.#begun}/${this.#steps.length}]`;
    const minutes = Math.max(1, Math.round((leftSeconds * pace) / 60));
    this.#output.err(`${place} ${name}; about ${minutes} min left\n`);
  }
}

function sum(steps: readonly GridStep[]): number {
  return steps.reduce((total, { seconds }) => total + seconds, 0);
}
