import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { BenchError } from './benchError.js';

type Child = ChildProcessByStdio<null, Readable, null>;

const stopMsMax = 10_000;

/** A program under test in a process of its own, with a folder that is gone when it has stopped. */
export interface MeasuredProcess {
  readonly pid: number;
  stop(): Promise<void>;
}

/** A folder for what a bench builds or lets others write. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'rookery-bench-'));
}

/** Starts a program whose stdout is read and whose stderr is ours. */
export function spawnMeasured(
  program: string,
  options: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Child {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('ROOKERY_'));
  return spawn(program, options, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...Object.fromEntries(kept), ...variables },
  });
}

/**
 * Takes care of a program that was started: it ends with this process at the latest.
 *
 * @param folder removed when the program has stopped
 */
export function measuredProcess(child: Child, folder: string): MeasuredProcess {
  const exited = once(child, 'exit').catch(() => undefined);
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const endWithUs = (): void => {
    child.kill('SIGKILL');
    removeFolder();
  };
  process.once('exit', endWithUs);
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
      if (child.exitCode === null) child.kill('SIGTERM');
      await exited;
      clearTimeout(timer);
      process.off('exit', endWithUs);
      removeFolder();
    },
  };
}

/** @throws BenchError `childFailed` where the program ends without a word; it is cleaned up then */
export async function firstLine(
  child: Child,
  name: string,
  measured: MeasuredProcess,
): Promise<string> {
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => text as string),
    once(child, 'exit').then(
      () => null,
      () => null,
    ),
  ]);
  if (line !== null) return line;
  await measured.stop();
  throw new BenchError('childFailed', `The ${name} ended instead of starting.`);
}
