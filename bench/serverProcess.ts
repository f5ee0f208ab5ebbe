import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StartInfo } from '@rookery/server/startBlock';
import {
  firstLine,
  makeFolder,
  measuredProcess,
  spawnMeasured,
  type MeasuredProcess,
} from './measuredProcess.js';

export interface ServerProcess extends MeasuredProcess {
  readonly info: StartInfo;
  /** What the server counts, as its admin interface tells. */
  stats(): Promise<ServerStats>;
}

/** As much of `/stats` as the benches look at. */
export interface ServerStats {
  readonly voice: Readonly<Record<string, number>>;
}

/**
 * Starts the server as people run it, on loopback with free ports and a data directory of its own.
 *
 * @param options beyond those
 * @throws BenchError `childFailed`; what it wrote on stderr is seen by whoever runs the bench
 */
export async function startServerProcess(options: readonly string[] = []): Promise<ServerProcess> {
  const folder = makeFolder();
  const program = fileURLToPath(import.meta.resolve('@rookery/server/main'));
  const ports = ['--port', '0', '--voice-port', '0', '--admin-port', '0'];
  const fixed = ['--json', '--data', join(folder, 'data'), '--host', '127.0.0.1', ...ports];
  const child = spawnMeasured(process.execPath, [
    program,
    ...fixed,
    '--log-level',
    'error',
    ...options,
  ]);
  const measured = measuredProcess(child, folder);
  const info = JSON.parse(await firstLine(child, 'server', measured)) as StartInfo;
  return {
    ...measured,
    info,
    stats: async () => {
      const response = await fetch(`http://127.0.0.1:${info.admin.port}/stats`);
      return (await response.json()) as ServerStats;
    },
  };
}
