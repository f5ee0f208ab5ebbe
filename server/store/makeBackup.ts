import type { BackupPhase } from '@rookery/schemas/adminApi';
import { backUp } from './backup.js';
import { markBackup } from './backupMark.js';
import { assertSound } from './checkApart.js';

/**
 * Makes a backup as backUp() does and reads it through. Others can see that it is under way.
 *
 * @param onPhase is told what is done next
 * @throws ServerError as backUp(), and `unusableData` where the copy is damaged
 */
export async function makeBackup(
  dataDirectory: string,
  out: string,
  onPhase: (phase: BackupPhase) => void = () => undefined,
): Promise<void> {
  const unmark = markBackup(dataDirectory, out);
  try {
    await backUp(dataDirectory, out, onPhase);
    onPhase('check');
    await assertSound(out);
  } finally {
    unmark();
  }
}
