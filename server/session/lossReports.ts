import type { SpeakerLoss } from '@rookery/schemas/signalDatagram';
import type { LossReportLimits } from '../signalLimits.js';

export interface LossReportsOptions {
  readonly limits: LossReportLimits;
  /** Which tokens are of other sessions whose voice goes to this session. */
  readonly mayHear: (receiverToken: number) => (speakerToken: number) => boolean;
  /** Tells a speaker; best effort. @param lossPct 0 … 100, whole */
  readonly tell: (speakerToken: number, lossPct: number) => void;
}

/** What is known of one speaker. */
interface Speaker {
  /** The newest of each receiver, by token, the oldest first. */
  readonly reports: Map<number, { readonly lossPct: number; readonly atMs: number }>;
  readonly toldAtMs: number;
  readonly toldPct: number;
}

/**
 * What receivers miss of each speaker, and that the speaker is told of it: the mean over receivers,
 * each with its newest report. A receiver is believed no more than that: it counts once, and only
 * for whom it may hear. Time is passed in; pure but for `tell`.
 */
export class LossReports {
  readonly #options: LossReportsOptions;
  /** Whom reports of the last seconds are about, those who were told longest ago first. */
  readonly #speakers = new Map<number, Speaker>();

  constructor(options: LossReportsOptions) {
    this.#options = options;
  }

  /** Speakers of whom something is kept. */
  get size(): number {
    return this.#speakers.size;
  }

  /** @returns how many of the losses are about somebody whom the receiver may not hear */
  note(receiverToken: number, losses: readonly SpeakerLoss[], nowMs: number): number {
    const isHeard = this.#options.mayHear(receiverToken);
    let refused = 0;
    for (const [speakerToken, lossPct] of losses) {
      if (!isHeard(speakerToken)) {
        refused += 1;
        continue;
      }
      const { reports } = this.#speakerOf(speakerToken);
      reports.delete(receiverToken);
      reports.set(receiverToken, { lossPct, atMs: nowMs });
      if (reports.size <= this.#options.limits.receiversMax) continue;
      const [oldest] = reports.keys();
      reports.delete(oldest!);
    }
    return refused;
  }

  /** A session is gone: as a speaker at once, as a receiver when its reports count no more. */
  forget(sessionToken: number): void {
    this.#speakers.delete(sessionToken);
  }

  /** Forgets what is old, tells speakers what is new to them. To be called every second or so. */
  sweep(nowMs: number): void {
    const { limits, tell } = this.#options;
    let told = 0;
    for (const [token, speaker] of [...this.#speakers]) {
      const lossPct = this.#meanOf(speaker, nowMs);
      if (lossPct === null) {
        this.#speakers.delete(token);
        continue;
      }
      const isNews = lossPct > 0 || speaker.toldPct > 0;
      const isDue = nowMs - speaker.toldAtMs >= limits.tellIntervalMs;
      if (!isNews || !isDue || told === limits.toldPerSweepMax) continue;
      told += 1;
      tell(token, lossPct);
      this.#speakers.delete(token);
      this.#speakers.set(token, { ...speaker, toldAtMs: nowMs, toldPct: lossPct });
    }
  }

  #speakerOf(token: number): Speaker {
    let speaker = this.#speakers.get(token);
    if (speaker === undefined) {
      speaker = { reports: new Map(), toldAtMs: -Infinity, toldPct: 0 };
      this.#speakers.set(token, speaker);
    }
    return speaker;
  }

  /** Forgets reports that are too old. @returns null where none is left */
  #meanOf({ reports }: Speaker, nowMs: number): number | null {
    let sumPct = 0;
    for (const [receiverToken, { lossPct, atMs }] of reports) {
      if (nowMs - atMs > this.#options.limits.countsMs) reports.delete(receiverToken);
      else sumPct += lossPct;
    }
    return reports.size === 0 ? null : Math.round(sumPct / reports.size);
  }
}
