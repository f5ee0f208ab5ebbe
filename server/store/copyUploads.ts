import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
} from 'node:fs';
import { join } from 'node:path';
import { syncDirectory } from './durableFile.js';
import { folderOfUploads } from './uploadPaths.js';

/**
 * Copies the whole files of uploads that are not in the copy yet. They never change, so a server
 * may run meanwhile: called before and after the database is copied, every file that the copy of
 * the database tells of is there. What has come of unfinished uploads is left out.
 */
export function copyUploads(dataDirectory: string, copyDirectory: string): void {
  const from = folderOfUploads(dataDirectory);
  const to = folderOfUploads(copyDirectory);
  if (!existsSync(from)) return;
  for (const folder of readdirSync(from)) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    mkdirSync(join(to, folder), { recursive: true, mode: 0o700 });
    const present = new Set(readdirSync(join(to, folder)));
    for (const name of readdirSync(join(from, folder))) {
      if (!present.has(name)) copyWhole(join(from, folder, name), join(to, folder, name));
    }
    syncDirectory(join(to, folder));
  }
  if (existsSync(to)) syncDirectory(to);
}

function copyWhole(source: string, target: string): void {
  const unfinished = `${target}.unfinished`;
  try {
    copyFileSync(source, unfinished);
  } catch (error) {
    // A server that runs has just removed it, and so nothing refers to it.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  const file = openSync(unfinished, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, target);
}
