import type { Uuid } from '@rookery/schemas/messages';
import type { VoiceLimits } from '../limits.js';
import { assertVoiceLimits } from '../limits.js';
import type { VoiceCounters } from '../tables/counterTable.js';
import { CounterTotals } from '../tables/counterTable.js';
import type { VoiceFlags } from '../tables/voiceTables.js';
import { VoiceTables } from '../tables/voiceTables.js';
import type { RelaySpawner } from './relayThread.js';
import { spawnRelayWorker, startRelayThread } from './relayThread.js';

/**
 * The voice plane as the main thread sees it. It writes tables; packets never come here. Every
 * method but `close` returns at once; what it changed holds for packets that arrive afterwards.
 * Tokens given to it must name live sessions: another is a bug and asserts.
 */
export interface VoicePlane {
  /** The bound UDP port. */
  readonly port: number;
  /**
   * @param hopKey 16 bytes, copied
   * @returns the session's token
   * @throws ServerError `serverFull`
   */
  addSession(hopKey: Uint8Array): number;
  /** Also leaves its room. Packets of the token are dropped from now on. */
  removeSession(token: number): void;
  /**
   * @param roomId null for no room
   * @throws ServerError `serverFull` where more rooms are entered than the tables hold
   */
  moveSession(token: number, roomId: Uuid | null): void;
  setFlags(token: number, flags: VoiceFlags): void;
  /** The room must be empty. */
  removeRoom(roomId: Uuid): void;
  /** Totals of all workers since the start. */
  counters(): VoiceCounters;
  /** Stops the workers and waits for their threads. */
  close(): Promise<void>;
}

export interface VoicePlaneOptions {
  readonly host: string;
  /** 0 lets the kernel choose. */
  readonly port: number;
  readonly limits: VoiceLimits;
  /** Called for every death of a worker; it is being replaced already. */
  readonly onWorkerFault: (error: Error) => void;
  /** How threads are made, where not as in production. */
  readonly spawn?: RelaySpawner;
}

/** node:dgram cannot share a port between threads, so one worker serves it. */
const workers = 1;

/** Below the time in which a byte counter can pass 2^32 on a link of 10 Gb/s. */
const counterIntervalMs = 1_000;

/**
 * Allocates the tables and starts the workers.
 *
 * @throws ServerError `addressInUse` where the port is taken, `relayFault` where no worker starts
 */
export async function startVoicePlane(options: VoicePlaneOptions): Promise<VoicePlane> {
  const { host, port, limits } = options;
  assertVoiceLimits(limits);
  const tables = new VoiceTables(limits);
  const totals = new CounterTotals(workers);
  const thread = await startRelayThread({
    setup: {
      host,
      port,
      limits,
      tables: tables.memory,
      counters: totals.memory,
      counterRow: 0,
    },
    spawn: options.spawn ?? spawnRelayWorker,
    onFault: options.onWorkerFault,
  });
  const counting = setInterval(() => totals.read(), counterIntervalMs);
  counting.unref();
  return {
    port: thread.port,
    addSession: (hopKey) => tables.addSession(hopKey),
    removeSession: (token) => tables.removeSession(token),
    moveSession: (token, roomId) => tables.moveSession(token, roomId),
    setFlags: (token, flags) => tables.setFlags(token, flags),
    removeRoom: (roomId) => tables.removeRoom(roomId),
    counters: () => totals.read(),
    close: () => {
      clearInterval(counting);
      return thread.close();
    },
  };
}
