import type { AuditEntry, Uuid } from '@rookery/schemas/messages';

/** What is looked for in the audit log; '' for anything. */
export interface AuditFilter {
  /** Part of the name of who did it. */
  who: string;
  action: string;
  /** Part of the name of whom or of where it was done. */
  whom: string;
  /** Days as a field of dates has them, both of them in: 2026-03-01. */
  since: string;
  until: string;
}

/** An entry with the words that a table shows. */
export interface AuditRow {
  readonly entry: AuditEntry;
  readonly atMs: number;
  readonly actor: string;
  readonly action: string;
  readonly isRefused: boolean;
  readonly target: string;
  readonly room: string;
  /** Whom, and where. */
  readonly whom: string;
  readonly detail: string;
}

/** How what entries name is called. */
export interface AuditNames {
  room(roomId: Uuid): string;
  /** Who did what the server did by itself. */
  readonly server: string;
}

/** Entries that fit a filter, in their order. Days are those of this place on earth. */
export function auditRows(
  entries: readonly AuditEntry[],
  filter: AuditFilter,
  names: AuditNames,
): readonly AuditRow[] {
  const fromMs = filter.since === '' ? -Infinity : startOf(filter.since, 0);
  const endMs = filter.until === '' ? Infinity : startOf(filter.until, 1);
  return entries
    .map((entry) => rowOf(entry, names))
    .filter(
      ({ atMs, actor, action, whom }) =>
        (filter.action === '' || action === filter.action) &&
        holds(actor, filter.who) &&
        holds(whom, filter.whom) &&
        atMs >= fromMs &&
        atMs < endMs,
    );
}

function rowOf(entry: AuditEntry, names: AuditNames): AuditRow {
  const { atMs, actorId, actorName, action, isRefused, targetId, targetName, roomId } = entry;
  const target = targetId === null ? '' : targetName || targetId;
  const room = roomId === null ? '' : names.room(roomId);
  return {
    ...{ entry, atMs, action, isRefused, target, room, detail: entry.detail },
    actor: actorId === null ? names.server : actorName || actorId,
    whom: [target, room].filter((part) => part !== '').join(', '),
  };
}

function holds(text: string, wanted: string): boolean {
  return text.toLowerCase().includes(wanted.trim().toLowerCase());
}

/** @param laterDays so many days after that one */
function startOf(day: string, laterDays: number): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + laterDays).getTime();
}
