import { availableParallelism } from 'node:os';
import type { Uuid } from '@rookery/schemas/messages';
import type { VoiceLimits } from '../limits.js';
import { assertVoiceLimits } from '../limits.js';
import type { VoiceCounters, VoiceHistograms } from '../tables/counterTable.js';
import { CounterTotals, counterTable } from '../tables/counterTable.js';
import type { RelayedVoice, VoiceFlags } from '../tables/voiceTables.js';
import { VoiceTables } from '../tables/voiceTables.js';
import { BusyTotals } from './busyTotals.js';
import { createPeerRings } from './peerFrames.js';
import type { RelaySetup, RelaySocket } from './relayMessages.js';
import type { RelaySpawner } from './relayThread.js';
import { spawnRelayWorker, startRelayThread } from './relayThread.js';
import { shareByLoad } from './shareByLoad.js';
import { VoiceRings } from './voiceRings.js';
import type { VoiceSocketChoice, VoiceSocketReport } from './voiceSockets.js';
import { openVoiceSockets } from './voiceSockets.js';
import { WorkerShare } from './workerShare.js';

/**
 * The voice plane as the main thread sees it. It writes tables; packets never come here. Every
 * method but `close` returns at once; what it changed holds for packets that arrive afterwards.
 * Tokens given to it must name live sessions: another is a bug and asserts.
 */
export interface VoicePlane {
  /** The bound UDP port. */
  readonly port: number;
  /** What it receives and sends with. */
  readonly sockets: VoiceSocketReport;
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
  /**
   * How the room's voice is relayed, until it is removed.
   *
   * @throws ServerError `serverFull` where the tables hold no more rooms
   */
  setRoomVoice(roomId: Uuid, voice: RelayedVoice): void;
  /**
   * Lets voice of each of these rooms reach all who hear another of them. Rooms that were together
   * with them and are not named stay together.
   *
   * @throws ServerError `serverFull` where the tables hold no more rooms
   */
  linkRooms(roomIds: readonly Uuid[]): void;
  /**
   * Sets the rooms that a session hears without being in them, until it is removed.
   *
   * @throws ServerError `serverFull` where the tables hold no more rooms
   */
  setListening(token: number, roomIds: readonly Uuid[]): void;
  /**
   * Makes a whisper list, or puts others in it.
   *
   * @param listId 1 … `whisperListsMax` of the limits: what whispers name
   * @param owner token of the session that may whisper to it
   * @param receivers tokens; who is deafened or has left is left out
   */
  setWhisperList(listId: number, owner: number, receivers: readonly number[]): void;
  removeWhisperList(listId: number): void;
  /**
   * Takes a voice packet that came as a datagram on the session's connection.
   *
   * @param packet copied
   */
  receiveDatagram(token: number, packet: Uint8Array): void;
  /** The room must be empty, linked to none, and nobody may listen to it. */
  removeRoom(roomId: Uuid): void;
  /** Workers that take packets now; the others join when there is more to do. */
  activeWorkers(): number;
  /** By worker: seconds at work since the start. */
  busySeconds(): readonly number[];
  /** See VoiceTables. */
  packetsOf(token: number): number;
  /** Totals of all workers since the start. */
  counters(): VoiceCounters;
  /** Totals of all workers since the start. */
  histograms(): VoiceHistograms;
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
  /** Relay workers; left out, one a core. */
  readonly workers?: number;
  /** Longest wait of a frame for others to travel with, ms; left out, that of the limits. */
  readonly bundleWindowMs?: number;
  /** Where each worker writes a CPU profile when it ends; left out, none does. */
  readonly profileFolder?: string | null;
  readonly sockets?: VoiceSocketChoice;
  /**
   * Sends a datagram on a session's connection: for those that are heard over QUIC. The session may
   * be gone; the packet is valid during the call only.
   */
  readonly sendDatagram?: (token: number, packet: Uint8Array) => void;
  /** How threads are made, where not as in production. */
  readonly spawn?: RelaySpawner;
}

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
  const sockets = await openVoiceSockets({
    host,
    port,
    workers: options.workers ?? availableParallelism(),
    bufferBytes: limits.socketBufferBytes,
    choice: options.sockets ?? 'batchIfAvailable',
  });
  const { workers } = sockets.report;
  const share = new WorkerShare(limits, workers);
  sockets.shareAmong(share.active);
  const tables = new VoiceTables(limits, workers);
  const totals = new CounterTotals(workers);
  const rings = new VoiceRings({
    workers,
    limits,
    counters: counterTable.attach(totals.memory),
    activeWorkers: () => share.active,
    wake: (worker) => sockets.wake(worker),
    sendDatagram: options.sendDatagram ?? (() => undefined),
  });
  const peers = createPeerRings(workers);
  const setupOf = (socket: RelaySocket, workerIndex: number): RelaySetup => ({
    socket,
    limits,
    bundleWindowMs: options.bundleWindowMs ?? limits.bundleWindowMs,
    profileFolder: options.profileFolder ?? null,
    tables: tables.memory,
    counters: totals.memory,
    rings: rings.memory[workerIndex]!,
    peers: peers[workerIndex]!,
    workerIndex,
  });
  const starts = sockets.ofWorkers.map((socket, workerIndex) =>
    startRelayThread({
      setup: setupOf(socket, workerIndex),
      spawn: options.spawn ?? spawnRelayWorker,
      wake: () => sockets.wake(workerIndex),
      onFault: options.onWorkerFault,
    }),
  );
  const stopSharing = shareByLoad(share, tables, sockets);
  const stop = async (): Promise<void> => {
    stopSharing();
    tables.stopWorkers();
    const started = await Promise.allSettled(starts);
    const threads = started.flatMap((start) => (start.status === 'fulfilled' ? start.value : []));
    await Promise.all(threads.map((thread) => thread.close()));
    rings.close();
    sockets.close();
  };
  try {
    const threads = await Promise.all(starts);
    return openPlane({
      port: threads[0]!.port,
      sockets: sockets.report,
      share,
      tables,
      totals,
      rings,
      stop,
    });
  } catch (error) {
    await stop();
    throw error;
  }
}

interface PlaneParts {
  readonly port: number;
  readonly sockets: VoiceSocketReport;
  readonly share: WorkerShare;
  readonly tables: VoiceTables;
  readonly totals: CounterTotals;
  readonly rings: VoiceRings;
  readonly stop: () => Promise<void>;
}

function openPlane(parts: PlaneParts): VoicePlane {
  const { port, sockets, share, tables, totals, rings, stop } = parts;
  const busy = new BusyTotals(() => tables.busyUs());
  const counting = setInterval(() => {
    totals.read();
    busy.read();
  }, counterIntervalMs);
  counting.unref();
  let closing: Promise<void> | null = null;
  return {
    port,
    sockets,
    activeWorkers: () => share.active,
    addSession: (hopKey) => tables.addSession(hopKey),
    removeSession: (token) => tables.removeSession(token),
    moveSession: (token, roomId) => tables.moveSession(token, roomId),
    setFlags: (token, flags) => tables.setFlags(token, flags),
    setRoomVoice: (roomId, voice) => tables.setRoomVoice(roomId, voice),
    linkRooms: (roomIds) => tables.linkRooms(roomIds),
    setListening: (token, roomIds) => tables.setListening(token, roomIds),
    setWhisperList: (listId, owner, receivers) => tables.whispers.set(listId, owner, receivers),
    removeWhisperList: (listId) => tables.whispers.remove(listId),
    receiveDatagram: (token, packet) => rings.push(token, packet),
    removeRoom: (roomId) => tables.removeRoom(roomId),
    busySeconds: () => busy.read(),
    packetsOf: (token) => tables.packetsOf(token),
    counters: () => totals.read(),
    histograms: () => totals.readHistograms(),
    close: () => {
      clearInterval(counting);
      closing ??= stop();
      return closing;
    },
  };
}
