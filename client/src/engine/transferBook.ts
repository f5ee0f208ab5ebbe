import { ClientError } from './clientError.js';
import type { State, Transfer } from './engineState.js';

/** What transfers need to be shown in the State. */
export interface ShownState {
  readonly state: Pick<State, 'transfers'>;
  update(change: Pick<State, 'transfers'>): void;
}

/** A transfer that is under way, as whoever carries it out has it. */
export interface OngoingTransfer {
  readonly transferId: number;
  /** Given when it was cancelled. */
  readonly signal: AbortSignal;
  /** How far it is in its phase. */
  readonly progress: (doneBytes: number) => void;
  /** Another phase begins, with nothing done. */
  readonly enter: (phase: Transfer['phase']) => void;
  /** It is over, however it ended. */
  readonly end: () => void;
}

/** Shows in the State what files come and go, and lets somebody end one. */
export class TransferBook {
  private readonly aborts = new Map<number, AbortController>();
  private lastId = 0;

  constructor(private readonly shown: ShownState) {}

  begin(what: Omit<Transfer, 'transferId' | 'doneBytes'>): OngoingTransfer {
    const transferId = ++this.lastId;
    const abort = new AbortController();
    this.aborts.set(transferId, abort);
    this.show([...this.shown.state.transfers, { ...what, transferId, doneBytes: 0 }]);
    let shownPercent = 0;
    return {
      transferId,
      signal: abort.signal,
      progress: (doneBytes) => {
        // The State changes a hundred times at most, however large the file is.
        const percent = Math.floor((100 * doneBytes) / what.sizeBytes);
        if (percent === shownPercent) return;
        shownPercent = percent;
        this.change(transferId, { doneBytes });
      },
      enter: (phase) => {
        shownPercent = 0;
        this.change(transferId, { phase, doneBytes: 0 });
      },
      end: () => {
        this.aborts.delete(transferId);
        this.show(this.shown.state.transfers.filter((other) => other.transferId !== transferId));
      },
    };
  }

  /** One that is over is not ended again. */
  cancel(transferId: number): void {
    this.aborts.get(transferId)?.abort(cancelled());
  }

  private change(transferId: number, change: Partial<Transfer>): void {
    this.show(
      this.shown.state.transfers.map((transfer) =>
        transfer.transferId === transferId ? { ...transfer, ...change } : transfer,
      ),
    );
  }

  private show(transfers: readonly Transfer[]): void {
    this.shown.update({ transfers });
  }
}

/** What a transfer rejects with that somebody ended. */
export function cancelled(): ClientError {
  return new ClientError('cancelled', 'the file was not wanted any more');
}
