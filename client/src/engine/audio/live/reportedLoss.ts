import type { SpeakerLoss } from '@rookery/schemas/signalDatagram';

/** What the server told of the own voice: the mean of what those who hear it miss. */
export interface ReportedLoss {
  /** 0 … 100 */
  readonly lossPct: number;
  /** `performance.now()` of the main thread when it came. */
  readonly atMs: number;
}

/** Where reports of losses go to and come from. */
export interface LossWire {
  /** @param losses of voices that are heard, at most `reportedSpeakersMax` */
  reportLosses(losses: readonly SpeakerLoss[]): void;
  /** The newest of the own voice in this session, or null. */
  readonly ownLoss: ReportedLoss | null;
}

/** The server tells every 5 s while there is something to tell; one datagram may get lost. */
const holdsMs = 12_000;
/** What nobody confirms any more counts half after this time, and so on. */
const halvedEveryMs = 5_000;

/** @returns what a report still says of the loss now, 0 … 100; 0 for null, no report. Pure. */
export function reportedPctAt(report: ReportedLoss | null, nowMs: number): number {
  if (report === null) return 0;
  const oldMs = Math.max(0, nowMs - report.atMs - holdsMs);
  return report.lossPct * 0.5 ** (oldMs / halvedEveryMs);
}
