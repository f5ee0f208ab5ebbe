import { constants } from 'node:os';
import type { SupervisorLimits } from '../limits.js';
import { exit } from '../program.js';

/** How a run of the server ended. */
export interface RunEnd {
  /** null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether it had said that it runs. */
  readonly hasStarted: boolean;
  readonly ranMs: number;
}

export type Verdict =
  /** It ended as it should, or cannot run at all: its exit code is ours. */
  | { readonly kind: 'end'; readonly exitCode: number }
  | { readonly kind: 'restart'; readonly afterMs: number }
  /** It was told to: another version may be installed. */
  | { readonly kind: 'exchange' }
  /** It fails again and again. */
  | { readonly kind: 'giveUp'; readonly failuresInRow: number };

/** Exit codes that say that the server ended because somebody wanted it to. */
const deliberateCodes: ReadonlySet<number> = new Set([exit.stopped, exit.usage, exit.forced]);

/**
 * Decides what follows the end of a run. What fails before it ever ran is told at once and not
 * tried again: a port that is taken, a mistake in the configuration. What ran and failed is started
 * again, after a wait that doubles while runs stay short. A version that was just exchanged is not
 * given up: whoever exchanged it may still bring back the one before.
 */
export class RestartPolicy {
  readonly #limits: SupervisorLimits;
  #failuresInRow = 0;
  #isExchanged = false;

  constructor(limits: SupervisorLimits) {
    this.#limits = limits;
  }

  /** @param wasToldToStop whether a signal was passed on to the run */
  judge({ code, signal, hasStarted, ranMs }: RunEnd, wasToldToStop: boolean): Verdict {
    const { healthyMs, failuresInRowMax, restartDelayMsMin, restartDelayMsMax } = this.#limits;
    if (!wasToldToStop && code === exit.restart) {
      this.#failuresInRow = 0;
      this.#isExchanged = true;
      return { kind: 'exchange' };
    }
    if (ranMs >= healthyMs) this.#isExchanged = false;
    const isFirstTry = !hasStarted && this.#failuresInRow === 0 && !this.#isExchanged;
    if (wasToldToStop || isFirstTry || this.#isDeliberate(code, hasStarted)) {
      // It was on its way to be started anew when it was told to stop.
      const exitCode = code === exit.restart ? exit.stopped : shellCodeOf(code, signal);
      return { kind: 'end', exitCode };
    }
    this.#failuresInRow = ranMs < healthyMs ? this.#failuresInRow + 1 : 1;
    if (this.#failuresInRow > failuresInRowMax && !this.#isExchanged) {
      return { kind: 'giveUp', failuresInRow: this.#failuresInRow };
    }
    const doubled = restartDelayMsMin * 2 ** (this.#failuresInRow - 1);
    return { kind: 'restart', afterMs: Math.min(doubled, restartDelayMsMax) };
  }

  /** Whether somebody wanted the end; of a new version that does not even start nobody did. */
  #isDeliberate(code: number | null, hasStarted: boolean): boolean {
    if (code === null || (this.#isExchanged && !hasStarted)) return false;
    return deliberateCodes.has(code);
  }
}

/** A signal is told as shells tell it: 128 and its number. */
function shellCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code;
  return signal === null ? exit.failed : 128 + constants.signals[signal];
}
