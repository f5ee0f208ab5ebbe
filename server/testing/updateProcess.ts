import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { releaseKey } from '@rookery/schemas/testing/signedRelease';
import type { LoopbackRelease } from './loopbackRelease.js';

const program = fileURLToPath(new URL('../../../bin/rookery.mjs', import.meta.url));

/** What a process of `rookery update` is started with, for tests alone. */
export interface UpdateProcessOptions {
  /** With `installation` and `data` in it. */
  readonly directory: string;
  readonly release: LoopbackRelease;
  readonly healthSeconds?: number;
  /** Beyond those that say where all is. */
  readonly options?: readonly string[];
  readonly nodeArgs?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

/** Starts `rookery update` as an operator does. Nobody restarts anything. */
export function startUpdate({
  directory,
  release,
  healthSeconds = 1,
  options: more = [],
  nodeArgs = [],
  variables = {},
}: UpdateProcessOptions): ChildProcess {
  const options = [
    ...['--root', join(directory, 'installation'), '--data', join(directory, 'data')],
    ...['--admin-port', String(release.port), '--health-seconds', String(healthSeconds)],
    ...['--update-url', release.url, '--update-key', releaseKey, '--restart-command', 'true'],
    ...more,
  ];
  return spawn(process.execPath, [...nodeArgs, program, 'update', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...keptVariables(), ...variables },
  });
}

/** Starts a command on data, such as `backup`, as an operator does. */
export function startDataCommand(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: keptVariables(),
  });
}

function keptVariables(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('ROOKERY_'));
  return Object.fromEntries(kept);
}
