import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { userIdOf } from '@rookery/schemas/loginMessage';
import type { Role } from '@rookery/schemas/roles';
import { pino } from 'pino';
import { controlLimits, type ServerLimits } from '../limits.js';
import { openStore } from '../store/store.js';
import { createIdentity, type TestClient, type TestIdentity } from './testClient.js';
import { startTestServer, type TestServer } from './testServer.js';

/** People of these roles who are known before the server starts. */
export type Ranks = Readonly<Record<string, Role>>;

/** A server on which everybody else is a member. */
export interface RankedServer {
  readonly server: TestServer;
  /** Of each of those who are known. */
  readonly identities: ReadonlyMap<string, TestIdentity>;
  /** Logs one of those in who are known. */
  readonly joinAs: (name: string) => Promise<TestClient>;
  /** Stops the server and starts it anew on the same data. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @param limits in place of the usual ones */
export async function startRankedServer(
  ranks: Ranks,
  limits: Partial<ServerLimits> = {},
): Promise<RankedServer> {
  const parent = mkdtempSync(join(tmpdir(), 'rookery-ranks-'));
  const dataDirectory = join(parent, 'data');
  const identities = new Map(Object.keys(ranks).map((name) => [name, createIdentity()]));
  const log = pino({ level: 'silent' });
  const store = await openStore({ dataDirectory, limits: controlLimits.store, log });
  for (const [name, { publicKey }] of identities) {
    await store.roles.put(userIdOf(publicKey), ranks[name]!);
  }
  await store.close();
  const start = (): Promise<TestServer> =>
    startTestServer({ dataDirectory, everyoneIs: 'member' }, limits);
  let server = await start();
  return {
    get server() {
      return server;
    },
    identities,
    joinAs: (name) => server.join({ identity: identities.get(name)!, displayName: name }),
    restart: async () => {
      await server.close();
      server = await start();
    },
    close: async () => {
      await server.close();
      rmSync(parent, { recursive: true });
    },
  };
}
