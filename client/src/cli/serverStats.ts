import { z } from 'zod';
import { defaultPorts } from '@rookery/schemas/protocol';
import { formatServerAddress, type ServerAddress } from '../engine/serverAddress.js';
import { ClientError } from '../engine/clientError.js';

/** What `GET /stats` tells, as far as it is shown. Later servers may tell more. */
const statsSchema = z.looseObject({
  uptimeSeconds: z.number(),
  sessions: z.number().optional(),
  connections: z.number().optional(),
  ports: z.looseObject({ quic: z.number() }).optional(),
  voice: z.record(z.string(), z.unknown()),
});

/** Totals since the server started. */
export interface ServerStats {
  readonly uptimeSeconds: number;
  readonly sessions: number | null;
  readonly connections: number | null;
  /** Where the server listens for QUIC; null where it does not say. */
  readonly quicPort: number | null;
  /** Counters of the relay by name. */
  readonly counters: Readonly<Record<string, number>>;
  /** Histograms of the relay by name: counts by bucket. */
  readonly histograms: Readonly<Record<string, readonly number[]>>;
}

/** The default ports stand in a row, and so do those that people choose. */
const adminPortAbove = defaultPorts.admin - defaultPorts.quic;

/** Loopback answers at once, or something is wrong. */
const timeoutMs = 5_000;

/** What an admin port has answered. */
export interface StatsAnswer {
  /** As it came. */
  readonly raw: object;
  /** What of it is shown. */
  readonly stats: ServerStats;
}

/**
 * Finds the admin port of a server: as far above the port of its control connection as by default,
 * or the default one; whoever answers there tells which server it is.
 *
 * @throws ClientError `unreachable`
 */
export async function findAdminPort({ host, port }: ServerAddress): Promise<number> {
  const guesses = new Set([port + adminPortAbove, defaultPorts.admin].filter(isPort));
  for (const guess of guesses) {
    try {
      const { quicPort } = (await fetchServerStats(host, guess)).stats;
      if ((quicPort ?? defaultPorts.quic) === port) return guess;
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
    }
  }
  const asked = [...guesses].join(' and ');
  throw new ClientError(
    'unreachable',
    `no admin port of the server at ${formatServerAddress({ host, port })} was found (asked: ` +
      `${asked}). It answers only on the server's own machine; the server says which it is when ` +
      'it starts: give that with --admin-port',
  );
}

/**
 * Asks the admin port of a server.
 *
 * @throws ClientError `unreachable`, or `protocolViolation` where something else answers there
 */
export async function fetchServerStats(host: string, adminPort: number): Promise<StatsAnswer> {
  const where = formatServerAddress({ host, port: adminPort });
  const raw = await fetchJson(`http://${where}/stats`, where);
  const stats = readServerStats(raw);
  if (stats !== null) return { raw: raw as object, stats };
  throw new ClientError('protocolViolation', `what answers at ${where} is no Rookery server`);
}

/** Pure. @returns null for what are no stats. */
export function readServerStats(raw: unknown): ServerStats | null {
  const parsed = statsSchema.safeParse(raw);
  if (!parsed.success) return null;
  const { uptimeSeconds, sessions = null, connections = null, ports, voice } = parsed.data;
  const entries = Object.entries(voice);
  const counters = entries.filter((entry): entry is [string, number] => isCount(entry[1]));
  const histograms = entries.filter(
    (entry): entry is [string, number[]] => Array.isArray(entry[1]) && entry[1].every(isCount),
  );
  return {
    uptimeSeconds,
    sessions,
    connections,
    quicPort: ports?.quic ?? null,
    counters: Object.fromEntries(counters),
    histograms: Object.fromEntries(histograms),
  };
}

function isPort(port: number): boolean {
  return port <= 65_535;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

async function fetchJson(url: string, where: string): Promise<unknown> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (response.ok) return await response.json();
    throw new Error(`it answers ${response.status}`);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ClientError(
      'unreachable',
      `cannot ask the admin port at ${where}: ${reason}. It answers only on the server's own ` +
        'machine; --admin-port says which it is',
      { cause: error },
    );
  }
}
