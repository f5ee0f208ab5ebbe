import { setTimeout as wait } from 'node:timers/promises';
import { ServerError } from '../errors.js';
import { backupUnderWay } from '../store/backupMark.js';
import { livingHolder } from '../store/dataDirectory.js';
import type { UpdateLimits } from '../updateLimits.js';

/**
 * No server could start on data that is being restored.
 *
 * @throws ServerError `dataInUse` while a restore fills the directory
 */
export function assertNoRestore(dataDirectory: string): void {
  const holder = livingHolder(dataDirectory);
  if (holder?.work !== 'restore') return;
  throw new ServerError(
    'dataInUse',
    `A restore to ${dataDirectory} is under way (process ${holder.processId}). Nothing was ` +
      'changed. Wait until it is done, start the server with what it restored, and update then.',
  );
}

/**
 * Waits while backups are made of a data directory. Those that the server makes beside itself end
 * with it, and the others would share the disk with a start that is judged by its time.
 *
 * @param onStep told once for each that is waited for
 * @throws ServerError `dataInUse` where that takes too long
 */
export async function untilNoBackup(
  dataDirectory: string,
  { backupMsMax, backupIntervalMs }: Pick<UpdateLimits, 'backupMsMax' | 'backupIntervalMs'>,
  onStep: (text: string) => void,
): Promise<void> {
  const endMs = performance.now() + backupMsMax;
  let told = '';
  for (;;) {
    const backup = backupUnderWay(dataDirectory);
    if (backup === null) return;
    const { processId, out } = backup;
    if (performance.now() >= endMs) {
      throw new ServerError(
        'dataInUse',
        `The backup to ${out} is still under way (process ${processId}), and it was waited for ` +
          `long enough. Nothing was changed. Wait for it or end it (kill ${processId}), and ` +
          'update then.',
      );
    }
    if (told !== out) {
      onStep(
        `Waiting until the backup to ${out} is done (process ${processId}; Ctrl-C gives the ` +
          'update up, and nothing is changed)',
      );
    }
    told = out;
    await wait(backupIntervalMs);
  }
}
