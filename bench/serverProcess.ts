import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VoiceStats } from '@rookery/server/admin/voiceStats';
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
  readonly voice: VoiceStats;
  readonly sessions: number;
  readonly quic: { readonly closed: number };
  readonly certificate: { readonly swaps: number };
}

export interface ServerProcessOptions {
  /** Of the server, beyond those that every bench gives. */
  readonly options?: readonly string[];
  /** Its supervisor runs it, and starts it again; the process is the supervisor's then. */
  readonly isSupervised?: boolean;
  /** Of node itself, and variables for what they load. */
  readonly nodeOptions?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Starts the server as people run it, on loopback with free ports and a data directory of its own.
 *
 * @throws BenchError `childFailed`; what it wrote on stderr is seen by whoever runs the bench
 */
export async function startServerProcess({
  options = [],
  isSupervised = false,
  nodeOptions = [],
  variables = {},
}: ServerProcessOptions = {}): Promise<ServerProcess> {
  const folder = makeFolder();
  const module = isSupervised ? '@rookery/server/supervisor/supervisor' : '@rookery/server/main';
  const program = fileURLToPath(import.meta.resolve(module));
  const ports = ['--port', '0', '--voice-port', '0', '--admin-port', '0'];
  const fixed = ['--json', '--data', join(folder, 'data'), '--host', '127.0.0.1', ...ports];
  // Not what they may do is measured.
  const others = ['--everyone-is', 'admin', '--log-level', 'error'];
  const args = [...nodeOptions, program, ...fixed, ...others, ...options];
  const child = spawnMeasured(process.execPath, args, variables);
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
