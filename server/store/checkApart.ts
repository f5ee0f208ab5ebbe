import { ServerError } from '../errors.js';
import type { CheckReport } from './checkData.js';
import type { CheckMessage } from './checkProcess.js';
import { messageOfProcess } from './processMessage.js';

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
  const entry = new URL('./checkProcess.js', import.meta.url);
  const came = await messageOfProcess<CheckMessage>(entry, dataDirectory);
  if (came.kind === 'ended') {
    const text = `The database in ${dataDirectory} is damaged: reading it ended with ${came.how}.`;
    throw new ServerError('unusableData', `${text} Restore a backup.`);
  }
  const answer = came.message;
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
