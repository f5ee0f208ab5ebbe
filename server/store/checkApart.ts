import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ServerError } from '../errors.js';
import type { CheckReport } from './checkData.js';
import type { CheckMessage } from './checkProcess.js';

/** @throws ServerError `unusableData` for a backup that is damaged */
export async function assertSound(folder: string): Promise<void> {
  const report = await checkApart(folder);
  if (report.problemCount === 0) return;
  throw new ServerError('unusableData', `${folder} is damaged.\n${reportText(report)}`);
}

/**
 * Reads data through in a process of its own: a damaged database ends it.
 *
 * @throws ServerError `unusableData`, and whatever reading throws
 */
export async function checkApart(dataDirectory: string): Promise<CheckReport> {
  const entry = fileURLToPath(new URL('./checkProcess.js', import.meta.url));
  const child = fork(entry, [dataDirectory], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const received = once(child, 'message') as Promise<[CheckMessage]>;
  const [answer, signal] = await Promise.race([received, ended]);
  if (typeof answer !== 'object' || answer === null) {
    const how = signal ?? `code ${answer ?? 'unknown'}`;
    const text = `The database in ${dataDirectory} is damaged: reading it ended with ${how}.`;
    throw new ServerError('unusableData', `${text} Restore a backup.`);
  }
  await ended;
  if (answer.kind === 'report') return answer.report;
  throw new ServerError(answer.code, answer.message);
}

/** Words for a person. */
export function reportText({ version, entries, problemCount, problems }: CheckReport): string {
  const counts = Object.entries(entries).map(([table, count]) => `  ${table.padEnd(16)} ${count}`);
  const found =
    problemCount === 0
      ? ['No damage was found.']
      : [`${problemCount} entries are damaged:`, ...problems.map((problem) => `  ${problem}`)];
  return [`Schema version ${version}`, ...counts, ...found].join('\n');
}
