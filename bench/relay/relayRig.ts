import type { VoiceStats } from '@rookery/server/admin/voiceStats';
import { hopKeyBytes, roomKeyBytes } from '@rookery/schemas/voiceCrypto';
import { makeToken } from '@rookery/schemas/voicePacket';
import { BenchError } from '../benchError.js';
import { startFloorProcess, type FloorProcess } from '../floor/floorProcess.js';
import type {
  FromLoadProcess,
  LoadResult,
  LoadRun,
  LoadSession,
  LoadTarget,
  ToLoadProcess,
} from '../load/loadMessages.js';
import { RequestChild } from '../requestChannel.js';
import {
  startServerProcess,
  type ServerProcess,
  type ServerProcessOptions,
} from '../serverProcess.js';
import type { FromSessionProcess, ToSessionProcess } from '../sessions/sessionMessages.js';

/** Who is in which room, and how the server is started. */
export interface RelayRigOptions {
  readonly rooms: number;
  /** Each frame is for all of them but its speaker. */
  readonly membersPerRoom: number;
  /** Sockets that the sessions share. */
  readonly sockets: number;
  readonly payloadBytes: number;
  /** Relay workers, all of which take packets; null leaves both to the server. */
  readonly workers: number | null;
  /** Longest wait of a frame for others, milliseconds; null leaves it to the server. */
  readonly bundleWindowMs: number | null;
  /** Sessions beyond those of the rooms; they hear the first room, and the load knows no more. */
  readonly guests?: number;
  /** Whether the floor is started too; it is, where nothing is said. */
  readonly yardstick?: 'floor' | 'none';
  /** How the server's process is started, where not as usual. */
  readonly process?: ServerProcessOptions;
}

export type RelayLoad = Omit<LoadRun, 'type'>;

/** What a run of the server says beside the load's own figures. */
export interface ServerRun extends LoadResult {
  /** Packets that the relay dropped while it ran, by reason; those of none are left out. */
  readonly drops: Readonly<Record<string, number>>;
  readonly relayWorkers: number;
  /** Of them, those that took packets at its end. */
  readonly activeWorkers: number;
}

type LoadProcess = RequestChild<ToLoadProcess, FromLoadProcess>;
type SessionProcess = RequestChild<ToSessionProcess, FromSessionProcess>;

const loadEntry = new URL('../load/loadProcess.js', import.meta.url);
const allWorkersHook = new URL('./allWorkersHook.js', import.meta.url);
const sessionEntry = new URL('../sessions/sessionProcess.js', import.meta.url);

/**
 * All processes of a relay bench, ready to be put under load again and again:
 *
 *     sessions ──QUIC──► server ◄──UDP──► load generator
 *                        floor  ◄──UDP──► load generator
 */
export interface RelayRig {
  readonly socketKind: 'batch' | 'portable';
  readonly server: ServerProcess;
  readonly guests: readonly LoadSession[];
  /** Sessions that the server has closed so far. */
  readonly countLostSessions: () => Promise<number>;
  readonly runServer: (load: RelayLoad) => Promise<ServerRun>;
  /** null where the floor could not be built, or was not asked for. */
  readonly runFloor: ((load: RelayLoad) => Promise<LoadResult>) | null;
  /** Ends every process. @throws BenchError `refused` where the server had closed sessions */
  close(): Promise<void>;
}

/** @throws BenchError; nothing runs any more then */
export async function openRelayRig(options: RelayRigOptions): Promise<RelayRig> {
  const closers: (() => Promise<void>)[] = [];
  const close = (): Promise<void> => closeAll(closers.splice(0).reverse());
  try {
    const server = await startServerProcess(processOptions(options));
    closers.push(() => server.stop());
    const { target, guests, countLostSessions } = await openSessions(server, options, closers);
    const [load, socketKind] = await openLoad(target, options, closers);
    const runFloor = options.yardstick === 'none' ? null : await openFloor(options, closers);
    return {
      socketKind,
      server,
      guests,
      countLostSessions,
      runServer: (request) => runServer(server, load, request),
      runFloor,
      close,
    };
  } catch (error) {
    // What was wrong first is what people have to know.
    await close().catch(() => undefined);
    throw error;
  }
}

/** Calls each, whatever becomes of the others. @throws what the first that failed has thrown */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const closer of closers) await closer().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

function processOptions(rig: RelayRigOptions): ServerProcessOptions {
  const { workers, bundleWindowMs } = rig;
  const options = [...(rig.process?.options ?? [])];
  const nodeOptions = [...(rig.process?.nodeOptions ?? [])];
  if (workers !== null) {
    options.push('--relay-workers', String(workers));
    nodeOptions.push('--import', allWorkersHook.href);
  }
  if (bundleWindowMs !== null) options.push('--bundle-window', String(bundleWindowMs));
  return { ...rig.process, options, nodeOptions };
}

async function openSessions(
  server: ServerProcess,
  { rooms, membersPerRoom, guests: guestCount = 0 }: RelayRigOptions,
  closers: (() => Promise<void>)[],
): Promise<{ target: LoadTarget } & Pick<RelayRig, 'guests' | 'countLostSessions'>> {
  const child: SessionProcess = new RequestChild('process of the sessions', sessionEntry);
  closers.push(() => child.end());
  const { port } = server.info.quic;
  const opened = await child.ask({
    type: 'open',
    port,
    rooms,
    membersPerRoom,
    guests: guestCount,
  });
  if (opened.type !== 'opened') throw new BenchError('childFailed', 'No sessions were opened.');
  closers.push(async () => {
    const closed = await child.ask({ type: 'close' });
    const lost = closed.type === 'closed' ? closed.lost : 0;
    if (lost > 0) throw new BenchError('refused', `The server closed ${lost} sessions meanwhile.`);
  });
  const { sessions, rooms: keys, guests } = opened;
  return {
    target: { port: server.info.voice.port, pid: server.pid, sessions, rooms: keys },
    guests,
    countLostSessions: async () => {
      const answer = await child.ask({ type: 'countLost' });
      return answer.type === 'lost' ? answer.lost : 0;
    },
  };
}

async function openFloor(
  options: RelayRigOptions,
  closers: (() => Promise<void>)[],
): Promise<RelayRig['runFloor']> {
  const floor = await startFloorProcess(options.rooms, options.membersPerRoom);
  if (floor === null) return null;
  closers.push(() => floor.stop());
  const [load] = await openLoad(floorTarget(floor, options), options, closers);
  return (request) => runLoad(load, request);
}

/** The floor takes slots room after room and checks no key. */
function floorTarget(floor: FloorProcess, { rooms, membersPerRoom }: RelayRigOptions): LoadTarget {
  return {
    port: floor.port,
    pid: floor.pid,
    sessions: Array.from({ length: rooms * membersPerRoom }, (_session, slot) => ({
      token: makeToken(slot, 1),
      hopKey: new Uint8Array(hopKeyBytes),
      room: Math.floor(slot / membersPerRoom),
    })),
    rooms: Array.from({ length: rooms }, () => ({ epoch: 0, key: new Uint8Array(roomKeyBytes) })),
  };
}

async function openLoad(
  target: LoadTarget,
  { sockets, payloadBytes }: RelayRigOptions,
  closers: (() => Promise<void>)[],
): Promise<[LoadProcess, RelayRig['socketKind']]> {
  const load: LoadProcess = new RequestChild('load generator', loadEntry);
  closers.push(() => load.end());
  const ready = await load.ask({ type: 'setUp', target, sockets, payloadBytes });
  if (ready.type !== 'ready') throw new BenchError('childFailed', 'The load was not set up.');
  return [load, ready.socketKind];
}

async function runLoad(load: LoadProcess, request: RelayLoad): Promise<LoadResult> {
  const answer = await load.ask({ type: 'run', ...request });
  if (answer.type !== 'result') throw new BenchError('childFailed', 'The load did not run.');
  return answer.result;
}

async function runServer(
  server: ServerProcess,
  load: LoadProcess,
  request: RelayLoad,
): Promise<ServerRun> {
  const before = (await server.stats()).voice;
  const result = await runLoad(load, request);
  const after = (await server.stats()).voice;
  const { sockets, activeWorkers } = after;
  const drops = dropsBetween(before, after);
  return { ...result, drops, relayWorkers: sockets.workers, activeWorkers };
}

function dropsBetween(before: VoiceStats, after: VoiceStats): Record<string, number> {
  const earlier = dropsOf(before);
  const drops = Object.entries(dropsOf(after))
    .map(([name, count]): [string, number] => [name, count - (earlier[name] ?? 0)])
    .filter(([, count]) => count > 0);
  return Object.fromEntries(drops);
}

function dropsOf(voice: VoiceStats): Record<string, number> {
  const drops = Object.entries(voice).filter(
    (entry): entry is [string, number] =>
      entry[0].startsWith('drop') && typeof entry[1] === 'number',
  );
  return Object.fromEntries(drops);
}
