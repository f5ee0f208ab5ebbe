import type { AuditEntry, Uuid } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import { pathOfRoom, type View } from '../engine/view.js';
import { localTime } from './localTime.js';
import type { Output } from './output.js';
import { runSession, type SessionOptions } from './session.js';

/** Prints the newest entries of the audit log, the oldest of them first. */
export async function showAudit(
  options: SessionOptions,
  lines: number,
  output: Output,
): Promise<void> {
  await runSession(options, output, async ({ engine }) => {
    const found: AuditEntry[] = [];
    let beforeId: Uuid | null = null;
    for (;;) {
      const count = Math.min(lines - found.length, fieldLimits.auditEntriesMax);
      const { entries, hasEarlier } = await engine.moderation.readAudit(count, beforeId);
      found.push(...entries);
      beforeId = entries.at(-1)?.auditId ?? null;
      if (!hasEarlier || beforeId === null || found.length >= lines) break;
    }
    const { view } = engine.state;
    for (const entry of found.reverse()) {
      output.result({ event: 'auditEntry', ...entry }, auditWords(entry, view));
    }
  });
}

/** One entry in one line: when, who, what, to whom, where, and what exactly. */
export function auditWords(entry: AuditEntry, view: View): string {
  const { actorId, actorName, targetId, targetName, roomId, action, detail, isRefused } = entry;
  const actor = actorId === null ? 'the server' : actorName || actorId;
  const parts = [
    localTime(entry.atMs),
    actor,
    isRefused ? `was refused ${action}` : action,
    targetId === null ? '' : targetName || targetId,
    roomId === null ? '' : `in ${pathOfRoom(view, roomId) ?? roomId}`,
  ];
  const words = parts.filter((part) => part !== '').join('  ');
  return detail === '' ? words : `${words}: ${detail}`;
}
