import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fingerprintWords } from '@rookery/schemas/fingerprintWords';
import { fingerprintText } from '@rookery/schemas/loginMessage';
import { applicationProtocol, CloseCode } from '@rookery/schemas/protocol';
import { startQuicServer, type QuicDriver } from '@rookery/transport/quicDriver';
import { TransportError } from '@rookery/transport/transportError';
import type { Logger } from 'pino';
import { openEntry, type Entry } from './accounts/entry.js';
import { makeOwnerToken } from './accounts/ownerToken.js';
import {
  startAdminServer,
  type AdminServer,
  type AdminServerOptions,
} from './admin/adminServer.js';
import { StressTest, type StressedServer } from './bots/stressTest.js';
import { Readiness } from './admin/readiness.js';
import { CareDesk } from './admin/serverCare.js';
import type { ServerStats } from './admin/serverStats.js';
import { voiceStats } from './admin/voiceStats.js';
import { Certificates } from './certificate/certificates.js';
import type { ServerCertificate } from './certificate/serverCertificate.js';
import type { ServerConfig } from './config/serverConfig.js';
import { ControlPlane, type ControlPlaneOptions } from './controlPlane.js';
import { ServerError } from './errors.js';
import { assertServerLimits, serverLimits, type ServerLimits } from './limits.js';
import { LiveRules } from './liveRules.js';
import { logOfPart } from './log/serverLog.js';
import { spawnRelayWorker, type RelaySpawner } from './relay/relayThread.js';
import { startVoicePlane, type VoicePlane, type VoicePlaneOptions } from './relay/voicePlane.js';
import { Shutdown } from './shutdown.js';
import type { StartInfo } from './startBlock.js';
import { openDataDirectory, type DataDirectory } from './store/dataDirectory.js';
import { openSecretFile } from './store/secretFile.js';
import { RetentionSchedule, ruleOfRoom } from './text/retention.js';
import { openStore, type Store } from './store/store.js';
import { FileDesk } from './uploads/fileDesk.js';
import { noteService } from './update/servedNote.js';
import { serverVersion } from './version.js';

/** What is around a server, beside its configuration. */
export type ServerSurroundings = Pick<
  AdminServerOptions,
  'consoleFolder' | 'configuration' | 'logTail'
> & {
  /** Where threads of relays come from. */
  readonly spawnRelay: RelaySpawner;
};

const noSurroundings: ServerSurroundings = {
  consoleFolder: null,
  configuration: null,
  logTail: null,
  spawnRelay: spawnRelayWorker,
};

export interface RunningServer {
  readonly info: StartInfo;
  /** Makes whoever uses it first the owner; null where there is one. Of no log. */
  readonly ownerToken: string | null;
  /** What `/stats` tells. */
  stats(): ServerStats;
  /** Resolves when an operator asks it to stop; it is for who started it to do so. */
  readonly stopAsked: Promise<void>;
  /** Takes over what may change while it runs; the rest of the configuration is ignored. */
  reconfigure(config: ServerConfig): void;
  /** Reads certificate files again that the server was given. What is broken changes nothing. */
  reloadCertificate(): void;
  /** Tells the clients and closes everything, in the order given at startServer(). */
  stop(): Promise<void>;
}

/** Of session tickets, as QuicServerOptions wants it. */
const ticketKeyBytes = 48;

/** Signs access tokens of the admin interface. */
const adminKeyBytes = 48;

/**
 * Starts a server. It opens, and on stop closes in the reverse order:
 *
 *     data directory ► store ► files ► certificate ► password pool ► backups ► admin ► voice plane
 *     ► QUIC ► plane ► plugins
 *
 * So a stop first has the bots of a stress test leave and lets nobody in any more, says goodbye,
 * then closes the connections, then voice (until then those who hear the goodbye also hear each
 * other), then what only watched or helped, writes what is still to be written, and gives the data
 * directory free at the very end.
 *
 * @throws ServerError; nothing stays open then
 */
export async function startServer(
  config: ServerConfig,
  log: Logger,
  usualLimits: ServerLimits = serverLimits,
  around: Partial<ServerSurroundings> = {},
): Promise<RunningServer> {
  const rules = new LiveRules(usualLimits, config);
  assertServerLimits(rules.limits);
  const shutdown = new Shutdown(log);
  try {
    return await openAll(config, log, rules, {
      around: { ...noSurroundings, ...around },
      shutdown,
    });
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function openAll(
  config: ServerConfig,
  log: Logger,
  rules: LiveRules,
  { around, shutdown }: { readonly around: ServerSurroundings; readonly shutdown: Shutdown },
): Promise<RunningServer> {
  const { limits } = rules;
  const data = openDataDirectory(config.dataDirectory);
  shutdown.add('data directory', () => data.close());
  const store = await openStoreOf(data, limits, logOfPart(log, 'store'));
  shutdown.add('store', () => store.close());
  shutdown.add('retention', keepAsConfigured(rules, store, logOfPart(log, 'store')));
  const files = openFiles(config, store, rules, logOfPart(log, 'uploads'));
  shutdown.add('files', () => files.close());
  const certificates = await Certificates.open(config, limits.certificate, log);
  shutdown.add('certificate', () => certificates.close());
  const entry = await openEntry(config, store, limits);
  shutdown.add('password pool', () => entry.passwords.close());
  const readiness = new Readiness(store);
  let stats: (() => ServerStats) | null = null;
  let plane: ControlPlane | null = null;
  const care = new CareDesk(data.path, logOfPart(log, 'admin'), (isDraining) => {
    if (plane !== null) plane.isDraining = isDraining;
    readiness.note(isDraining ? 'draining' : 'up');
  });
  shutdown.add('backups', () => care.backups.close());
  const stressTest = new StressTest({ log: logOfPart(log, 'admin') });
  const admin = await startAdminServer({
    ...{ ...around, care, certificates, stressTest },
    ...{ port: config.adminPort, serverName: config.name, log: logOfPart(log, 'admin') },
    ...{ readiness: () => readiness.now, stats: () => stats?.() ?? null },
    secure: config.adminTls && { ...config.adminTls, certificate: certificates.current },
    // Between the first and the last answer of /stats.
    operators: () => (stats === null ? null : (plane?.operators ?? null)),
    // Of this start alone, as are the sessions that its tokens are for.
    tokenKey: randomBytes(adminKeyBytes).toString('base64'),
  });
  shutdown.add('admin interface', () => admin.close());
  const voice = await openVoicePlane(config, logOfPart(log, 'relay'), limits, {
    spawn: around.spawnRelay,
    sendDatagram: (to, packet) => plane?.sendVoice(to, packet),
  });
  shutdown.add('voice plane', () => voice.close());
  const control = await openControlPlane(config, certificates.current, limits, {
    ...{ limits, entry, voice, store, files },
    ...{ pluginsFolder: join(data.path, 'plugins'), log: logOfPart(log, 'session') },
  });
  const { driver } = control;
  plane = control.plane;
  followCertificate(certificates, driver, admin);
  shutdown.add('QUIC socket', () => driver.close(CloseCode.Stopping, 'The server stops.'));
  await runPlane(plane, shutdown);
  const opened = { driver, plane, voice, admin, certificates };
  stats = statsOf(opened);
  shutdown.add('admin answers', () => {
    readiness.note('draining');
    stats = null;
  });
  offerStressTest(stressTest, opened, shutdown);
  readiness.note('up');
  shutdown.add('note of service', noteOwnService(data, limits, logOfPart(log, 'store')));
  sayVoiceSockets(voice, logOfPart(log, 'relay'));
  return {
    info: startInfo(config, entry, opened),
    ownerToken: newOwnerToken(data, store),
    stats,
    reconfigure: (next) => rules.apply(next),
    reloadCertificate: () => certificates.reload(),
    stopAsked: care.stopAsked,
    stop: () => shutdown.run(),
  };
}

function followCertificate(
  certificates: Certificates,
  { endpoint }: QuicDriver,
  admin: AdminServer,
): void {
  certificates.follow((next) => endpoint.useCertificate(next));
  certificates.follow((next) => admin.useCertificate(next));
  certificates.start();
}

/** From now on it may be asked for, until the server stops. */
function offerStressTest(stressTest: StressTest, opened: OpenedPorts, shutdown: Shutdown): void {
  stressTest.open(stressedServer(opened));
  shutdown.add('stress test', () => stressTest.close());
}

/** Has what the control plane holds begin, and end. */
async function runPlane(plane: ControlPlane, shutdown: Shutdown): Promise<void> {
  const { plugins } = plane.operators;
  shutdown.add('control plane', () => plane.stop());
  shutdown.add('plugins', () => plugins.close());
  await plugins.open();
}

function portsOf(
  driver: QuicDriver,
  voice: VoicePlane,
  { bound }: AdminServer,
): ServerStats['ports'] {
  return {
    quic: driver.socket.localAddress.port,
    voice: voice.port,
    admin: bound.admin.port,
  };
}

function threadSecondsOf(voice: VoicePlane): Readonly<Record<string, number>> {
  const relays = voice.busySeconds().map((seconds, worker) => [`relay_${worker}`, seconds]);
  const main = performance.eventLoopUtilization().active / 1_000;
  return { main, ...(Object.fromEntries(relays) as Record<string, number>) };
}

interface OpenedPorts {
  readonly driver: QuicDriver;
  readonly plane: ControlPlane;
  readonly voice: VoicePlane;
  readonly admin: AdminServer;
  readonly certificates: Certificates;
}

function statsOf({ driver, plane, voice, admin, certificates }: OpenedPorts): () => ServerStats {
  const startedAtMs = performance.now();
  return () => ({
    version: serverVersion,
    uptimeSeconds: Math.floor((performance.now() - startedAtMs) / 1_000),
    // So that whoever asks can tell which of several servers answers.
    ports: portsOf(driver, voice, admin),
    ...plane.stats(),
    quic: { ...driver.endpoint.counters, droppedNewcomers: driver.droppedNewcomers },
    voice: voiceStats(voice),
    certificate: certificates.stats(),
    threadSeconds: threadSecondsOf(voice),
  });
}

function stressedServer({ driver, plane, admin }: OpenedPorts): StressedServer {
  const { bots } = plane.operators;
  return { ...driver.socket.localAddress, adminPort: admin.bound.admin.port, bots };
}

function startInfo(
  { name, dataDirectory }: ServerConfig,
  { passwordGate }: Entry,
  { driver, voice, admin, certificates }: OpenedPorts,
): StartInfo {
  const { keyFingerprint } = certificates.current;
  const { host, port } = driver.socket.localAddress;
  return {
    name,
    quic: { host, port },
    voice: { host, port: voice.port },
    ...admin.bound,
    fingerprint: fingerprintText(keyFingerprint),
    fingerprintWords: fingerprintWords(keyFingerprint),
    dataDirectory,
    passwordRequired: passwordGate !== null,
  };
}

async function openStoreOf(data: DataDirectory, limits: ServerLimits, log: Logger): Promise<Store> {
  const { path: dataDirectory, ended } = data;
  try {
    return await openStore({ dataDirectory, ended, limits: limits.store, log });
  } catch (error) {
    // Else the next start would take a damaged database for one that was closed well.
    if (ended === 'badly') data.doubt();
    throw error;
  }
}

/** @returns ends it */
function noteOwnService(
  { path }: DataDirectory,
  { settledByUseMs }: ServerLimits,
  log: Logger,
): () => void {
  return noteService(path, serverVersion, { afterMs: settledByUseMs, log });
}

/** Each start of a server without an owner makes another one. */
function newOwnerToken({ path }: DataDirectory, { roles }: Store): string | null {
  return roles.list().some(({ role }) => role === 'owner') ? null : makeOwnerToken(path);
}

/** @returns ends it */
function keepAsConfigured(
  { retention, limits }: LiveRules,
  { messages, rooms }: Store,
  log: Logger,
): () => Promise<void> | void {
  const schedule = new RetentionSchedule({
    messages,
    // Talks are no rooms, and say nothing of their own.
    ruleOf: (roomId) => ruleOfRoom(retention, rooms.find(roomId)),
    wallClockMs: () => Date.now(),
    intervalMs: limits.store.trimIntervalMs,
    log,
  });
  return () => schedule.stop();
}

function openFiles(
  { dataDirectory }: ServerConfig,
  store: Store,
  { uploads }: LiveRules,
  log: Logger,
): FileDesk {
  return new FileDesk({ dataDirectory, store, limits: uploads, log });
}

async function openControlPlane(
  config: ServerConfig,
  { certificate, privateKey }: ServerCertificate,
  limits: ServerLimits,
  parts: Omit<ControlPlaneOptions, 'everyoneIs' | 'bots' | 'serverCard' | 'serverName'>,
): Promise<{ driver: QuicDriver; plane: ControlPlane }> {
  const ticketKeyText = await openSecretFile(join(config.dataDirectory, 'ticket.key'), () =>
    randomBytes(ticketKeyBytes).toString('base64'),
  );
  let plane: ControlPlane | null = null;
  try {
    const driver = await startQuicServer({
      host: config.host,
      port: config.port,
      tls: { certificate, privateKey },
      alpn: applicationProtocol,
      limits: limits.quic,
      ticketKey: new Uint8Array(Buffer.from(ticketKeyText, 'base64')),
      isBarred: (host) => plane?.isBarred(host) ?? false,
      isKnown: (host) => plane?.isKnown(host) ?? false,
      isTrusted: (source) => plane?.isTrusted(source) ?? false,
      // No packet is read before this turn of the event loop ends, and then there is a plane.
      onEvent: (event) => plane?.handleEvent(event),
    });
    const { name: serverName, everyoneIs, serverCard, bots } = config;
    plane = new ControlPlane(driver, { ...parts, serverName, everyoneIs, serverCard, bots });
    return { driver, plane };
  } catch (cause) {
    if (!(cause instanceof TransportError)) throw cause;
    throw serverErrorOf(cause);
  }
}

async function openVoicePlane(
  { host, voicePort, relayWorkers, bundleWindowMs, cpuProfile }: ServerConfig,
  log: Logger,
  limits: ServerLimits,
  outside: Pick<VoicePlaneOptions, 'spawn' | 'sendDatagram'>,
): Promise<VoicePlane> {
  try {
    return await startVoicePlane({
      ...outside,
      host,
      port: voicePort,
      limits: limits.voice,
      workers: relayWorkers ?? availableParallelism(),
      bundleWindowMs,
      profileFolder: cpuProfile,
      onWorkerFault: (error) => log.error({ err: error }, 'a relay worker failed and is replaced'),
    });
  } catch (cause) {
    if (!(cause instanceof ServerError) || cause.code !== 'addressInUse') throw cause;
    const text = `Voice: ${cause.message} (--voice-port, --host).`;
    throw new ServerError('addressInUse', text, { cause });
  }
}

/** Only of a server that runs: one that cannot start says why, and nothing else. */
function sayVoiceSockets({ sockets }: VoicePlane, log: Logger): void {
  if (sockets.reason === null) log.info(sockets, 'voice is relayed');
  else log.warn(sockets, 'voice is relayed packet by packet, which carries fewer people');
}

function serverErrorOf(cause: TransportError): ServerError {
  return cause.code === 'invalidCertificate'
    ? new ServerError('unusableCertificate', `QUIC: ${cause.message}.`, { cause })
    : new ServerError('addressInUse', `QUIC: ${cause.message} (--port, --host).`, { cause });
}
