import { lossBetween, type SpeakerReading } from './figures.js';

/** How voices came lately. */
export interface RecentFigures {
  /** Of what was said to here lately, the share that was lost, 0 … 100; null: nobody spoke. */
  readonly receivedLossPct: number | null;
  /** The worst of those who talk; null: nobody does. */
  readonly jitterMs: number | null;
}

/** Of so many readings is what is said of loss: what was long ago is over. */
const readingsMax = 11;

/** Follows how voices come, reading by reading. Pure. */
export class RecentSound {
  private readings: readonly ReadonlyMap<number, SpeakerReading>[] = [];

  /** @param now everybody who was heard, with counts that grow; to be called once a second */
  push(now: ReadonlyMap<number, SpeakerReading>): RecentFigures {
    this.readings = [...this.readings, now].slice(-readingsMax);
    const talking = [...now.values()].filter(({ isTalking }) => isTalking);
    return {
      receivedLossPct: lossBetween(this.readings[0] ?? now, now),
      jitterMs: talking.length === 0 ? null : Math.max(...talking.map((one) => one.jitterMs)),
    };
  }
}
