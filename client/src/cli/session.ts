import type { RoomInfo } from '@rookery/schemas/messages';
import { ownCall } from '../engine/calls.js';
import { ClientError } from '../engine/clientError.js';
import { openEngine, type Engine } from '../engine/engine.js';
import type { EngineOptions } from '../engine/engineOptions.js';
import { ownSession, type State } from '../engine/engineState.js';
import { formatServerAddress, type ServerAddress } from '../engine/serverAddress.js';
import { findRoom, pathOfRoom, roomTree, type RoomNode } from '../engine/view.js';
import { clientVersion } from '../clientVersion.js';
import type { Output } from './output.js';
import { askPassphrase, terminal } from './passphrasePrompt.js';
import { tellPrivateRoom } from './tellPrivateRoom.js';
import { RecordingTeller } from './recordingTeller.js';
import { catchStopSignals } from './stopSignal.js';
import { ThrottleTeller } from './throttleTeller.js';

/** What every command that goes to a server takes. */
export interface SessionOptions {
  readonly server: ServerAddress;
  readonly name: string;
  readonly password: string;
  readonly accountPassword?: string;
  /** The code of an invitation, or the owner's token. */
  readonly invite?: string;
  readonly profile: string;
  /** Name of the identity; the one chosen for the server without it. */
  readonly identity?: string;
  /** Seconds. */
  readonly timeout: number;
  /** Seconds to try to come back after the connection was lost; commands without it do not. */
  readonly reconnect?: number;
  readonly acceptFingerprint?: string;
  /** Of a link: it must fit, but replaces none that is remembered. */
  readonly expectFingerprint?: string;
}

/** Where a command stays. */
export type StaysIn = 'inRoom' | 'inCall' | 'anywhere';

/** A session as a command has it. */
export interface Session {
  readonly engine: Engine;
  readonly output: Output;
  /** The user wants to end. */
  readonly stop: AbortSignal;
}

/**
 * Connects, does the command's work, and says goodbye, also after a failure. A stop while
 * connecting ends without a word; `work` ends by itself when `stop` is given.
 */
export async function runSession(
  options: SessionOptions,
  output: Output,
  work: (session: Session) => Promise<void>,
  engineOptions: Pick<EngineOptions, 'audio'> = {},
): Promise<void> {
  const stopSignals = catchStopSignals();
  const stop = stopSignals.signal;
  const engine = openEngine({
    profileFolder: options.profile,
    passphrase: (identityName, signal) => askPassphrase(terminal, identityName, signal),
    clientName: `rookery/${clientVersion()}`,
    timeoutMs: Math.ceil(options.timeout * 1_000),
    reconnectMs: Math.ceil((options.reconnect ?? 0) * 1_000),
    ...engineOptions,
  });
  const stopTelling = tellReconnects(engine, output);
  const throttleTeller = new ThrottleTeller(output);
  const recordingTeller = new RecordingTeller(output);
  const unsubscribe = engine.subscribe((state) => {
    throttleTeller.follow(state, Date.now());
    recordingTeller.follow(state);
  });
  try {
    const session = { engine, output, stop };
    if (await connect(session, options)) await work(session);
  } finally {
    stopTelling();
    unsubscribe();
    await engine.close();
    stopSignals.release();
  }
}

/** @throws ClientError `noSuchRoom`, naming the rooms that are there. */
export function requireRoom(engine: Engine, path: readonly string[]): RoomInfo {
  const { view } = engine.state;
  const room = findRoom(view, path);
  if (room !== null) return room;
  const root = roomTree(view);
  const present = root === null ? [] : nearestRooms(root, path);
  throw new ClientError(
    'noSuchRoom',
    `there is no room "${path.join('/')}"; there is ${present.slice(0, 12).join(', ')}`,
  );
}

/** @param password of the room, if it has one. @throws ClientError `noSuchRoom`. */
export async function joinRoom(
  { engine, output }: Session,
  path: readonly string[],
  password?: string,
): Promise<RoomInfo> {
  const room = requireRoom(engine, path);
  await engine.joinRoom(room.roomId, password);
  const where = pathOfRoom(engine.state.view, room.roomId) ?? room.name;
  output.progress({ event: 'joined', room: where, roomId: room.roomId }, `in ${where}`);
  tellPrivateRoom(engine, output);
  return room;
}

/**
 * Resolves when the user wants to end, or the time is over.
 *
 * @param stays whether it is over, too, where the own session is in no room, or call, any more
 * @throws ClientError why the session was lost for good, or `noSuchRoom` where it came back to a
 *   server without its room.
 */
export function untilStopped(
  { engine, stop }: Session,
  secondsMax?: number,
  stays: StaysIn = 'inRoom',
): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (outcome: () => void): void => {
      clearTimeout(timer);
      unsubscribe();
      stop.removeEventListener('abort', onStop);
      outcome();
    };
    const onStop = (): void => finish(resolve);
    const look = (state: State): void => {
      const fault = faultOf(state, stays);
      if (fault !== null) finish(() => reject(fault));
    };
    const timer =
      secondsMax === undefined ? undefined : setTimeout(() => onStop(), secondsMax * 1_000);
    const unsubscribe = engine.subscribe(look);
    stop.addEventListener('abort', onStop);
    if (stop.aborted) onStop();
    else look(engine.state);
  });
}

function faultOf(state: State, stays: StaysIn): ClientError | null {
  const { connection } = state;
  if (connection.phase === 'disconnected') {
    return new ClientError(connection.reason.code, connection.reason.message);
  }
  if (stays === 'anywhere' || connection.phase !== 'connected') return null;
  if (stays === 'inCall') {
    if (ownCall(state) !== null) return null;
    return new ClientError('noSuchRoom', 'the call is there for you no longer');
  }
  if (ownSession(state)?.roomId === null) {
    return new ClientError('noSuchRoom', 'the room is not there any more');
  }
  return null;
}

/** Says when the connection was lost and when it is there again. @returns ends it. */
function tellReconnects(engine: Engine, output: Output): () => void {
  let lostAtMs: number | null = null;
  return engine.subscribe(({ connection }) => {
    if (connection.phase === 'reconnecting' && lostAtMs === null) {
      lostAtMs = performance.now();
      const { code, message } = connection.reason;
      output.progress({ event: 'connectionLost', code, message }, `${message}; trying again`);
    } else if (connection.phase === 'connected' && lostAtMs !== null) {
      const seconds = (performance.now() - lostAtMs) / 1_000;
      lostAtMs = null;
      output.progress({ event: 'reconnected', seconds }, `back after ${seconds.toFixed(1)} s`);
    }
  });
}

/** @returns false when the user wants to end before it comes to anything. */
async function connect(session: Session, options: SessionOptions): Promise<boolean> {
  const { engine, output, stop } = session;
  const giveUp = (): void => void engine.close();
  stop.addEventListener('abort', giveUp);
  try {
    await engine.connect({
      address: options.server,
      displayName: options.name,
      password: options.password,
      ...(options.accountPassword && { accountPassword: options.accountPassword }),
      ...(options.invite && { inviteCode: options.invite }),
      ...(options.identity && { identity: options.identity }),
      ...(options.acceptFingerprint && { acceptedFingerprint: options.acceptFingerprint }),
      ...(options.expectFingerprint && { expectedFingerprint: options.expectFingerprint }),
    });
    tellConnected(engine.state, output);
    return true;
  } catch (error) {
    if (stop.aborted) return false;
    throw error;
  } finally {
    stop.removeEventListener('abort', giveUp);
  }
}

function tellConnected({ connection, messageOfTheDay }: State, output: Output): void {
  if (connection.phase !== 'connected') return;
  const { address, serverName, fingerprint, pin, userId } = connection;
  const server = formatServerAddress(address);
  output.progress(
    { event: 'connected', server, serverName, fingerprint, pin, userId },
    `connected to ${serverName} (${server})`,
  );
  if (pin === 'remembered') {
    output.progress(
      { event: 'serverRemembered', server, fingerprint },
      `first meeting with ${server}: remembered its fingerprint ${fingerprint}`,
    );
  }
  if (messageOfTheDay !== '') {
    output.progress({ event: 'messageOfTheDay', text: messageOfTheDay }, messageOfTheDay);
  }
}

/** Paths of the rooms beside which the last one of `path` that there is none of would stand. */
function nearestRooms(root: RoomNode, path: readonly string[]): string[] {
  let node = root;
  if (node.room.name !== path[0]) return [node.path];
  for (const name of path.slice(1)) {
    const next = node.children.find((child) => child.room.name === name);
    if (next === undefined) break;
    node = next;
  }
  return [node.path, ...node.children.map((child) => child.path)];
}
