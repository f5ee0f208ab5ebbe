import { quantile } from '../statistics.js';
import { formatTable } from '../verdicts.js';
import type { HonestDelays } from './honestClients.js';
import { attackNames, type AttackKind, type AttackReply } from './hostileMessages.js';

/** What was measured while something lasted. */
export interface Spell extends HonestDelays {
  /** The most that the server process held, without mapped files. */
  readonly memoryMiBMax: number;
}

export interface AttackResult extends AttackReply {
  readonly kind: AttackKind;
  readonly before: Spell;
  readonly beside: Spell;
}

/** What people read, in Markdown. Pure. */
export function formatHostile(results: readonly AttackResult[], machine: string): string {
  const head = [
    'attack',
    'connections, MB sent',
    'login p99 before → beside it',
    'message p99 before → beside it',
    'failed',
    'memory before → beside it',
  ];
  const rows = results.map(({ kind, connections, bytes, before, beside }) => [
    attackNames[kind],
    `${connections}, ${(bytes / 1e6).toFixed(0)}`,
    `${p99(before.loginMs)} → ${p99(beside.loginMs)} ms`,
    `${p99(before.messageMs)} → ${p99(beside.messageMs)} ms`,
    `${beside.failedLogins} of ${beside.loginMs.length} logins, ` +
      `${beside.lostMessages} of ${beside.messageMs.length} messages`,
    `${before.memoryMiBMax.toFixed(0)} → ${beside.memoryMiBMax.toFixed(0)} MiB`,
  ]);
  const note =
    'Delays are those of clients that keep the rules: from the first packet to AuthOk, and from ' +
    'the writer to the reader, durable between. Memory is the most that the server process held.';
  return `${formatTable(head, rows)}\n\n${machine}. ${note}`;
}

function p99(values: readonly number[]): string {
  return values.length === 0 ? 'none' : quantile(values, 0.99).toFixed(0);
}
