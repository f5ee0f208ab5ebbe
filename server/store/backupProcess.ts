// Makes a backup beside the server that runs, and reads it through: in a process of its own, since
// copying blocks its thread, and a damaged database ends its process.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupPhase } from '@rookery/schemas/adminApi';
import { ServerError } from '../errors.js';
import { isProgram } from '../program.js';
import { unfinishedEnding } from './backup.js';
import { makeBackup } from './makeBackup.js';

/** What it is told by its one argument, as JSON. */
export interface BackupOrder {
  readonly dataDirectory: string;
  /** Made where it is missing; what an earlier one left there unfinished is taken away. */
  readonly folder: string;
  /** Does not exist yet; in that folder. */
  readonly out: string;
}

/** What it tells who started it. */
export type BackupMessage =
  | { readonly kind: 'phase'; readonly phase: BackupPhase }
  | { readonly kind: 'fault'; readonly text: string };

async function run({ dataDirectory, folder, out }: BackupOrder): Promise<void> {
  const tell = (message: BackupMessage): void => void process.send?.(message);
  const enter = (phase: BackupPhase): void => tell({ kind: 'phase', phase });
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    removeUnfinished(folder);
    await makeBackup(dataDirectory, out, enter);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    tell({ kind: 'fault', text: error.message });
  }
}

/** Of backups that were killed: one is made at a time, so nobody goes on with them. */
function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.endsWith(unfinishedEnding)) rmSync(join(folder, name), { recursive: true });
  }
}

if (isProgram(import.meta.url)) {
  // Whoever asked for it is gone.
  const leave = (): never => process.exit(1);
  process.once('disconnect', leave);
  await run(JSON.parse(process.argv[2]!) as BackupOrder);
  process.off('disconnect', leave);
  process.disconnect();
}
