import type { Uuid } from '@rookery/schemas/messages';
import type { ModerationLimits } from '../moderationLimits.js';
import { MessageIds } from '../store/messageIds.js';
import type { ReportResolution, Reports, StoredReport } from '../store/reports.js';

export interface ReportBookOptions {
  readonly reports: Reports;
  readonly limits: ModerationLimits;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
}

/** What a report is made of. */
export type NewReport = Omit<StoredReport, 'reportId' | 'createdAtMs' | 'resolved'>;

/**
 * Messages that people showed to those who moderate. So many are kept; the oldest that is done
 * with makes place for a new one. Main thread.
 */
export class ReportBook {
  readonly #options: ReportBookOptions;
  readonly #ids: MessageIds;
  /** In the order in which they were made. */
  readonly #reports = new Map<Uuid, StoredReport>();

  constructor(options: ReportBookOptions) {
    this.#options = options;
    const kept = options.reports.list();
    this.#ids = new MessageIds(kept.at(-1)?.reportId ?? null);
    for (const report of kept) this.#reports.set(report.reportId, report);
  }

  find(reportId: Uuid): StoredReport | null {
    return this.#reports.get(reportId) ?? null;
  }

  /** The open report of a message that a user made before. */
  openOf(messageId: Uuid, byId: Uuid): StoredReport | null {
    const isIt = (report: StoredReport): boolean =>
      report.messageId === messageId && report.byId === byId && report.resolved === null;
    return [...this.#reports.values()].find(isIt) ?? null;
  }

  /** Whether a user may make one more: some of one user, and some of all. */
  hasPlaceFor(byId: Uuid): boolean {
    const { reportsMax, openReportsOfUserMax } = this.#options.limits;
    const open = [...this.#reports.values()].filter(({ resolved }) => resolved === null);
    const own = open.filter((report) => report.byId === byId);
    return open.length < reportsMax && own.length < openReportsOfUserMax;
  }

  /** @throws ServerError of the store, by the promise; nothing was changed then */
  async add(report: NewReport): Promise<StoredReport> {
    const { reports, wallClockMs } = this.#options;
    const createdAtMs = wallClockMs();
    const reportId = this.#ids.next(createdAtMs);
    const stored = { ...report, reportId, createdAtMs, resolved: null };
    await reports.put(stored);
    this.#reports.set(reportId, stored);
    this.#makePlace();
    return stored;
  }

  /** As add(). */
  async resolve(report: StoredReport, resolved: ReportResolution): Promise<void> {
    const stored = { ...report, resolved };
    await this.#options.reports.put(stored);
    this.#reports.set(report.reportId, stored);
  }

  /** Made before another one, which need not be there; the newest first. */
  before(reportId: Uuid | null, which: 'open' | 'all', countMax: number): StoredReport[] {
    const found = [...this.#reports.values()].filter(
      (report) =>
        (reportId === null || report.reportId < reportId) &&
        (which === 'all' || report.resolved === null),
    );
    return found.slice(-countMax).reverse();
  }

  #makePlace(): void {
    const { reports, limits } = this.#options;
    const surplus = this.#reports.size - limits.reportsMax;
    if (surplus <= 0) return;
    const done = [...this.#reports.values()].filter(({ resolved }) => resolved !== null);
    const gone = done.slice(0, surplus);
    for (const { reportId } of gone) this.#reports.delete(reportId);
    reports.forget(gone);
  }
}
