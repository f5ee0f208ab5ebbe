import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applicationProtocol } from '@rookery/schemas/protocol';
import { startQuicClient, type QuicDriver } from '@rookery/transport/quicDriver';
import type { ConnectionId } from '@rookery/transport/quicTypes';
import { pino, type Logger } from 'pino';
import type { ServerConfig } from '../config/serverConfig.js';
import type { ServerLimits } from '../limits.js';
import { serverLimits } from '../limits.js';
import { startServer, type RunningServer } from '../startServer.js';
import { patientLimits } from './patientLimits.js';
import { TestClient, type LoginOptions } from './testClient.js';

/** A whole server on loopback with free ports and its own data directory, and clients to it. */
export interface TestServer {
  readonly running: RunningServer;
  /** Connected, and not yet logged in. */
  readonly connect: () => Promise<TestClient>;
  /** Logged in. */
  readonly join: (options?: LoginOptions) => Promise<TestClient>;
  readonly close: () => Promise<void>;
}

/**
 * @param limits in place of the usual ones: a farewell lasts a moment only, nobody is paced, and
 *   relays begin cold, which takes half a second less
 */
export async function startTestServer(
  config: Partial<ServerConfig> = {},
  limits: Partial<ServerLimits> = {},
  log: Logger = pino({ level: 'silent' }),
): Promise<TestServer> {
  const parent = mkdtempSync(join(tmpdir(), 'rookery-server-'));
  const defaults: ServerConfig = {
    dataDirectory: join(parent, 'data'),
    host: '127.0.0.1',
    port: 0,
    voicePort: 0,
    adminPort: 0,
    adminTls: null,
    relayWorkers: 1,
    bundleWindowMs: 5,
    streams: {},
    retention: { keepDays: 0, keepMessages: 0 },
    uploads: {},
    // Whoever tests permissions says otherwise.
    everyoneIs: 'admin',
    abuse: {},
    bots: 'operators',
    serverCard: 'shown',
    log: { levels: { base: 'silent', parts: {} }, format: 'json', file: null },
    cpuProfile: null,
    name: 'Test server',
    password: null,
    registration: null,
    certificateFiles: null,
    update: { url: null, key: null },
    acme: null,
  };
  const session = { ...serverLimits.session, closeLingerMs: 50 };
  const running = await startServer({ ...defaults, ...config }, log, {
    ...serverLimits,
    session,
    abuse: patientLimits,
    voice: { ...serverLimits.voice, warmUpPackets: 0 },
    ...limits,
  });
  const clients = await openTestClients(running.info.quic.port);
  return {
    running,
    connect: () => clients.connect(),
    join: async (options) => {
      const client = await clients.connect();
      await client.login(options);
      return client;
    },
    close: async () => {
      await clients.close();
      await running.stop();
      rmSync(parent, { recursive: true });
    },
  };
}

export interface TestClients {
  readonly connect: () => Promise<TestClient>;
  /** From now on bytes stay in QUIC's windows, as with a program that hangs. */
  readonly stopReading: () => void;
  readonly startReading: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Clients of the server at a port of 127.0.0.1; they share one socket.
 *
 * @param localHost the address from which they come, one of 127.0.0.0/8
 */
export async function openTestClients(port: number, localHost?: string): Promise<TestClients> {
  const clients = new Map<ConnectionId, TestClient>();
  const remote = { host: '127.0.0.1', port };
  const driver: QuicDriver = await startQuicClient({
    alpn: applicationProtocol,
    limits: { ...serverLimits.quic },
    onEvent: (event) => {
      clients.get(event.connection)?.handleEvent(event);
      if (event.type === 'closed') clients.delete(event.connection);
    },
    remote,
    ...(localHost !== undefined && { localHost }),
  });
  const { endpoint } = driver;
  const pollEvent = endpoint.pollEvent.bind(endpoint);
  return {
    connect: async () => {
      const connection = driver.connect(remote, 'localhost');
      const client = new TestClient(driver, connection);
      clients.set(connection, client);
      await client.untilConnected();
      return client;
    },
    stopReading: () => {
      endpoint.pollEvent = () => null;
    },
    startReading: () => {
      endpoint.pollEvent = pollEvent;
      driver.wake();
    },
    close: () => driver.close(0, ''),
  };
}
