import { EventSignal } from '@rookery/transport/eventSignal';
import type { LinuxSocketCalls } from '@rookery/transport/linuxSocketCalls';
import { loadLinuxSocketCalls } from '@rookery/transport/linuxSocketCalls';
import type { LinuxUdpSocket } from '@rookery/transport/linuxUdpSocket';
import { openLinuxUdpSockets } from '@rookery/transport/linuxUdpSocket';
import { sharePort } from '@rookery/transport/portSharing';
import { resolveHost } from '@rookery/transport/resolveHost';
import { TransportError } from '@rookery/transport/transportError';
import { ServerError } from '../errors.js';
import type { RelaySocket } from './relayMessages.js';

/** Which sockets to open: batches where the platform has them, or packet by packet. */
export type VoiceSocketChoice = 'batchIfAvailable' | 'portable';

/** What the relay workers receive and send with, one each. */
export interface VoiceSockets {
  readonly ofWorkers: readonly RelaySocket[];
  /** What was opened, for a line of the log. */
  readonly report: VoiceSocketReport;
  /** Ends the wait of one worker. */
  wake(worker: number): void;
  /** Lets packets come to the first so many workers alone, as far as the system can. */
  shareAmong(workers: number): void;
  /** Call it when all workers have ended. */
  close(): void;
}

export interface VoiceSocketReport {
  readonly kind: 'linux' | 'portable';
  /** Why there are no batches; null where there are, or where none were asked for. */
  readonly reason: string | null;
  readonly workers: number;
  /** Granted by the kernel for each socket; null where it is not asked. */
  readonly receiveBufferBytes: number | null;
  readonly sendBufferBytes: number | null;
}

export interface VoiceSocketOptions {
  readonly host: string;
  readonly port: number;
  /** Sockets asked for; the portable kind has one, because node:dgram cannot share a port. */
  readonly workers: number;
  readonly bufferBytes: number;
  readonly choice: VoiceSocketChoice;
}

/**
 * Opens what the workers need; the portable socket is left to its worker.
 *
 * @throws ServerError `addressInUse`, `relayFault`
 */
export async function openVoiceSockets(options: VoiceSocketOptions): Promise<VoiceSockets> {
  if (options.choice === 'portable') return portableSockets(options, null);
  let calls: LinuxSocketCalls;
  try {
    calls = loadLinuxSocketCalls();
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return portableSockets(options, error.message);
  }
  try {
    const { port, workers, bufferBytes } = options;
    const host = await resolveHost(options.host);
    return linuxSockets(
      calls,
      openLinuxUdpSockets(calls, { host, port, sockets: workers, bufferBytes }),
    );
  } catch (cause) {
    if (!(cause instanceof TransportError)) throw cause;
    const code = cause.code === 'addressInUse' ? 'addressInUse' : 'relayFault';
    throw new ServerError(code, cause.message, { cause });
  }
}

function portableSockets({ host, port }: VoiceSocketOptions, reason: string | null): VoiceSockets {
  return {
    ofWorkers: [{ kind: 'portable', host, port }],
    report: {
      kind: 'portable',
      reason,
      workers: 1,
      receiveBufferBytes: null,
      sendBufferBytes: null,
    },
    wake: () => undefined,
    shareAmong: () => undefined,
    close: () => undefined,
  };
}

function linuxSockets(calls: LinuxSocketCalls, sockets: readonly LinuxUdpSocket[]): VoiceSockets {
  const signals = sockets.map(() => new EventSignal(calls));
  const [first] = sockets;
  return {
    ofWorkers: sockets.map(({ fd, family, localAddress }, worker) => ({
      kind: 'linux',
      fd,
      family,
      wakeFd: signals[worker]!.fd,
      port: localAddress.port,
    })),
    report: {
      kind: 'linux',
      reason: null,
      workers: sockets.length,
      receiveBufferBytes: first!.receiveBufferBytes,
      sendBufferBytes: first!.sendBufferBytes,
    },
    wake: (worker) => signals[worker]!.raise(),
    // Where the kernel refuses, all of them take packets, which costs more and does no harm.
    shareAmong: (workers) => void sharePort(calls, first!.fd, workers),
    close: () => {
      for (const { fd } of sockets) calls.close(fd);
      for (const signal of signals) signal.close();
    },
  };
}
