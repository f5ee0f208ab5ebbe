import { randomBytes } from 'node:crypto';
import { link, open, rename, rm, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { ClientError } from './clientError.js';

/** A holder works for milliseconds; one this old has died. */
const staleAfterMs = 10_000;
/** Longer than staleAfterMs, so that a dead holder is waited out. */
const waitMsMax = 15_000;
const retryMs = 15;

/**
 * Runs `work` while no other process holds the lock of this path: a file made exclusively, and
 * removed at the end. A file left by a process that died is taken over after ten seconds.
 *
 * @throws ClientError `profileBusy` when the lock cannot be had.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const deadlineMs = performance.now() + waitMsMax;
  while (!(await tryCreate(path))) {
    if (performance.now() > deadlineMs) {
      throw new ClientError(
        'profileBusy',
        `another rookery holds ${path}; if none is running, delete that file`,
      );
    }
    await removeIfStale(path);
    await delay(retryMs * (0.5 + Math.random()));
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryCreate(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Two processes may find the same stale file. It is moved aside first, so that only one gets it; if
 * what was moved turns out to be fresh, it is another's new lock and goes back.
 */
async function removeIfStale(path: string): Promise<void> {
  if (!(await isStale(path))) return;
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch {
    return; // Another was first.
  }
  if (!(await isStale(aside))) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function isStale(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > staleAfterMs;
  } catch {
    return false;
  }
}
