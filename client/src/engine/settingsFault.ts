import { rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** What went wrong with a file that people may edit, and where what stood in it is now. */
export interface SettingsFault {
  /** `broken`: parts of it made no sense. `overtaken`: it was edited while it was written. */
  readonly kind: 'broken' | 'overtaken';
  readonly fileName: string;
  /** Beside it; null where it still stands there, and is put aside before it is written again. */
  readonly keptAs: string | null;
}

/** Keeps a copy of a file that is about to be written over. @returns the name of the copy */
export async function keepAside(path: string, text: string): Promise<string> {
  const day = new Date().toISOString().replaceAll(':', '-');
  const copy = `${path}.broken-${day}`;
  await writeFile(`${copy}.new`, text, { mode: 0o600 });
  await rename(`${copy}.new`, copy);
  return basename(copy);
}
