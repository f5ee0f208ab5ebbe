import type { VoiceCounters } from '../../voiceCounters.js';

/** Of what is sent, as long as nothing is known: most of what FEC costs protects against bursts. */
export const lossPctMin = 10;
/** Beyond it FEC takes more from the voice than it gives back. */
const lossPctMax = 30;
/** The encoder need not follow every ping. */
const stepPct = 5;
/** So many are lost or not before anything follows from it: 20 s while one speaks. */
const windowPings = 20;

/**
 * How many of the packets that are sent get lost, as far as the sender can know it: from pings of
 * the voice path and their answers, and from what those who hear it report. Pure.
 */
export class ExpectedLoss {
  private sent = 0;
  private answered = 0;
  /** Share of the packets that pings tell of, smoothed over windows; null before the first. */
  private share: number | null = null;

  /** To be called often. @param counters of the connection, which may be another one */
  follow({ pingsSent, pongsReceived }: Pick<VoiceCounters, 'pingsSent' | 'pongsReceived'>): void {
    if (pingsSent < this.sent) this.begin(0, 0);
    const sent = pingsSent - this.sent;
    if (sent < windowPings) return;
    const lost = Math.min(1, Math.max(0, 1 - (pongsReceived - this.answered) / sent));
    // A ping goes there and back.
    const oneWay = 1 - Math.sqrt(1 - lost);
    this.share = this.share === null ? oneWay : (this.share + oneWay) / 2;
    this.begin(pingsSent, pongsReceived);
  }

  /**
   * What was measured. Pings know the sender's way alone, and reports come only while somebody
   * hears: the worse counts.
   *
   * @param reportedPct 0 … 100; 0 without reports
   * @returns 0 … 100, whole
   */
  measuredPctWith(reportedPct: number): number {
    return Math.round(Math.max(100 * (this.share ?? 0), reportedPct));
  }

  /**
   * What to protect against: no less than what is usual, even where nothing was lost so far.
   *
   * @param reportedPct 0 … 100; 0 without reports
   * @returns 0 … 100, in steps
   */
  pctWith(reportedPct: number): number {
    const pct = Math.round(this.measuredPctWith(reportedPct) / stepPct) * stepPct;
    return Math.min(lossPctMax, Math.max(lossPctMin, pct));
  }

  /** What was sent and answered before counts no more. */
  begin(pingsSent: number, pongsReceived: number): void {
    this.sent = pingsSent;
    this.answered = pongsReceived;
  }
}
