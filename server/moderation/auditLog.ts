import type { AuditEntry, Uuid } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import { TokenBucket } from '../command/tokenBucket.js';
import type { AuditLimits } from '../moderationLimits.js';
import type { AuditEntries } from '../store/auditEntries.js';
import type { StoredAuditEntry } from '../store/auditRecord.js';
import type { Store } from '../store/store.js';
import type { AuditAction } from './auditAction.js';

/** What is written down of something that was done, or refused. */
export interface AuditNote {
  readonly action: AuditAction;
  /** Who did it; null where the server does it by itself. */
  readonly actorId: Uuid | null;
  /** To whom. */
  readonly targetId?: Uuid | null;
  readonly roomId?: Uuid | null;
  /** For a person: what exactly, and why. What is too long is cut. No secrets. */
  readonly detail?: string;
}

export interface AuditLogOptions {
  readonly entries: AuditEntries;
  readonly users: Pick<Store['users'], 'find'>;
  readonly limits: AuditLimits;
  /** Is told of everything that is written down. */
  readonly onNote?: (note: AuditNote, isRefused: boolean) => void;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/**
 * Who did what to whom. What is noted becomes durable together with whatever else is written in
 * the same turn of the event loop: so note a change in the turn in which it is committed, and
 * either both last or neither. Old entries make place for new ones. Main thread.
 */
export class AuditLog {
  readonly #options: AuditLogOptions;
  /** By user, who was refused longest ago first. */
  readonly #refusals = new Map<Uuid, TokenBucket>();
  readonly #allRefusals: TokenBucket;
  #refusalsLeftOut = 0;
  #trimmedAtMs = -Infinity;

  constructor(options: AuditLogOptions) {
    this.#options = options;
    const { limits, nowMs } = options;
    this.#allRefusals = new TokenBucket(bucketLimits(limits.refusalsOfAll), nowMs());
    this.#trim();
  }

  /** Refusals that were not written down because there were too many. */
  get refusalsLeftOut(): number {
    return this.#refusalsLeftOut;
  }

  /** Something is done. */
  note(note: AuditNote): void {
    this.#append(note, false);
  }

  /** Something was refused; of those that try again and again only some is written down. */
  noteRefused(note: AuditNote & { readonly actorId: Uuid }): void {
    const nowMs = this.#options.nowMs();
    const isTooMany = this.#refusalsOf(note.actorId, nowMs).take(nowMs) > 0;
    if (isTooMany || this.#allRefusals.take(nowMs) > 0) this.#refusalsLeftOut += 1;
    else this.#append(note, true);
  }

  /**
   * Entries with all that was noted before.
   *
   * @param beforeId entries before this one, which need not be there; null for the newest
   * @param countMax at most `fieldLimits.auditEntriesMax`
   * @returns the newest first
   */
  async page(
    beforeId: Uuid | null,
    countMax: number,
  ): Promise<{ entries: AuditEntry[]; hasEarlier: boolean }> {
    const { entries, users } = this.#options;
    await entries.settled();
    const found = entries.before(beforeId, countMax + 1);
    const nameOf = (id: Uuid | null): string =>
      id === null ? '' : (users.find(id)?.displayName ?? '');
    return {
      entries: found.slice(0, countMax).map((entry) => ({
        ...entry,
        actorName: nameOf(entry.actorId),
        targetName: nameOf(entry.targetId),
      })),
      hasEarlier: found.length > countMax,
    };
  }

  #append(note: AuditNote, isRefused: boolean): void {
    const { entries, wallClockMs, nowMs, limits } = this.#options;
    const { action, actorId, targetId = null, roomId = null, detail = '' } = note;
    const cut = cutText(detail, fieldLimits.auditDetailBytesMax);
    const who = { actorId, targetId, roomId };
    entries.append({ atMs: wallClockMs(), action, ...who, isRefused, detail: cut });
    this.#options.onNote?.({ ...note, detail: cut }, isRefused);
    const isDue = nowMs() - this.#trimmedAtMs >= limits.trimIntervalMs;
    if (isDue || entries.count > limits.entriesMax) this.#trim();
  }

  /** Removes the oldest where there are too many, and what is too old. */
  #trim(): void {
    const { entries, limits, wallClockMs, nowMs } = this.#options;
    this.#trimmedAtMs = nowMs();
    const tooOldAtMs = wallClockMs() - limits.keptMs;
    // Some more than must be, so that it is not done for each new one.
    const tooMany = entries.count > limits.entriesMax ? limits.removedAtOnce : 0;
    const isOver = (entry: StoredAuditEntry, index: number): boolean =>
      index < tooMany || entry.atMs < tooOldAtMs;
    entries.remove(entries.oldest(limits.removedAtOnce).filter(isOver));
  }

  #refusalsOf(userId: Uuid, nowMs: number): TokenBucket {
    const { limits } = this.#options;
    const bucket =
      this.#refusals.get(userId) ?? new TokenBucket(bucketLimits(limits.refusalsOfUser), nowMs);
    this.#refusals.delete(userId);
    this.#refusals.set(userId, bucket);
    if (this.#refusals.size > limits.refusedUsersMax) {
      const [longestAgo] = this.#refusals.keys();
      this.#refusals.delete(longestAgo!);
    }
    return bucket;
  }
}

/** The log of a store, by the clocks of this process. */
export function openAuditLog(
  { audit: entries, users }: Pick<Store, 'audit' | 'users'>,
  limits: AuditLimits,
  onNote: AuditLogOptions['onNote'] & {} = () => undefined,
): AuditLog {
  const wallClockMs = (): number => Date.now();
  const nowMs = (): number => performance.now();
  return new AuditLog({ entries, users, limits, wallClockMs, nowMs, onNote });
}

function bucketLimits({ perSecond, burst }: AuditLimits['refusalsOfUser']) {
  return { perSecond, burst, refusedMax: Infinity };
}

/** The beginning of a text that fits into so many bytes of UTF-8, whole characters only. */
export function cutText(text: string, bytesMax: number): string {
  if (Buffer.byteLength(text) <= bytesMax) return text;
  const bytes = new Uint8Array(bytesMax);
  const { read } = new TextEncoder().encodeInto(text, bytes);
  return text.slice(0, read);
}
