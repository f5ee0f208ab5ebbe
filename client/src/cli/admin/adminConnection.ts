import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely, TLSSocket } from 'node:tls';
import { certificateIdentity } from '@rookery/transport/certificateIdentity';
import { ClientError } from '../../engine/clientError.js';
import { shownFingerprints, type ShownFingerprints } from '../../engine/fingerprint.js';
import type { AdminTarget } from './adminTarget.js';
import { EventDecoder, type SentEvent } from './eventDecoder.js';

/** A server as it is asked. */
export interface AdminPlace {
  readonly target: AdminTarget;
  /**
   * Looks at the certificate before anything is sent. @throws ClientError where it is not to be
   * trusted
   */
  readonly checkFingerprint: (shown: ShownFingerprints) => void;
}

export interface AdminRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `apiPrefix`. */
  readonly path: string;
  /** null for none. */
  readonly accessToken: string | null;
  /** Sent as JSON. */
  readonly body?: object;
}

export interface AdminAnswer {
  readonly status: number;
  /** Parsed JSON; null where it was none. */
  readonly body: unknown;
}

/** Where all routes are below. */
export const apiPrefix = '/api/v1';

/** Shorter than a lock of the profile is held valid, below which sessions are renewed. */
const timeoutMs = 8_000;

const eventStreamType = 'text/event-stream';

/**
 * Asks once.
 *
 * @throws ClientError `unreachable`, `invalidInput` for a stream of events, and what
 *   `checkFingerprint` throws
 */
export async function askOnce(place: AdminPlace, asked: AdminRequest): Promise<AdminAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const incoming = await send(place, asked, signal);
    if (typeOf(incoming) === eventStreamType) {
      incoming.destroy();
      throw new ClientError(
        'invalidInput',
        `${asked.path} tells what happens as it happens: use \`rookery admin events\` or ` +
          '`rookery admin logs`',
      );
    }
    return await readAnswer(incoming, signal);
  } catch (error) {
    throw asUnreachable(error, place.target, signal);
  }
}

/**
 * Reads server-sent events until the server or the user ends it.
 *
 * @param stop the user wants no more
 * @returns null, or the answer of a server that tells no events
 * @throws ClientError as askOnce()
 */
export async function followOnce(
  place: AdminPlace,
  asked: AdminRequest,
  stop: AbortSignal,
  onEvent: (event: SentEvent) => void,
): Promise<AdminAnswer | null> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const incoming = await send(place, asked, AbortSignal.any([stop, timeout]));
    if (typeOf(incoming) !== eventStreamType) return await readAnswer(incoming, timeout);
    await readEvents(incoming, stop, onEvent);
    return null;
  } catch (error) {
    if (stop.aborted) return null;
    throw asUnreachable(error, place.target, timeout);
  }
}

async function send(
  place: AdminPlace,
  { method, path, accessToken, body }: AdminRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { host, port } = place.target;
  const socket = await openSocket(place, signal);
  const text = body === undefined ? null : JSON.stringify(body);
  const headers = {
    ...(accessToken !== null && { authorization: `Bearer ${accessToken}` }),
    ...(text !== null && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    }),
  };
  const outgoing = request({
    ...{ host, port, method, path: apiPrefix + path, headers },
    createConnection: () => socket,
  });
  try {
    const answered = once(outgoing, 'response', { signal });
    outgoing.end(text ?? undefined);
    const [incoming] = (await answered) as [IncomingMessage];
    return incoming.setEncoding('utf8');
  } catch (error) {
    outgoing.destroy();
    throw error;
  }
}

/** A socket to the very server that is meant: nothing was sent to it but the handshake of TLS. */
async function openSocket(
  { target, checkFingerprint }: AdminPlace,
  signal: AbortSignal,
): Promise<Socket> {
  const { host, port, isSecure } = target;
  const named = isIP(host) === 0 ? { servername: host } : {};
  const socket = isSecure
    ? // Nobody signs these certificates: they are known by their fingerprints.
      connectSecurely({ host, port, ...named, rejectUnauthorized: false, minVersion: 'TLSv1.2' })
    : connect({ host, port });
  try {
    await once(socket, isSecure ? 'secureConnect' : 'connect', { signal });
    if (socket instanceof TLSSocket) checkFingerprint(fingerprintsOf(socket));
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function fingerprintsOf(socket: TLSSocket): ShownFingerprints {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) throw new Error('it shows no certificate');
  return shownFingerprints(certificateIdentity(certificate));
}

async function readAnswer(incoming: IncomingMessage, signal: AbortSignal): Promise<AdminAnswer> {
  const giveUp = (): void => void incoming.destroy();
  signal.addEventListener('abort', giveUp);
  try {
    let text = '';
    for await (const piece of incoming as AsyncIterable<string>) text += piece;
    const isJson = typeOf(incoming) === 'application/json';
    return { status: incoming.statusCode!, body: isJson ? (JSON.parse(text) as unknown) : null };
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function readEvents(
  incoming: IncomingMessage,
  stop: AbortSignal,
  onEvent: (event: SentEvent) => void,
): Promise<void> {
  const decoder = new EventDecoder();
  const giveUp = (): void => void incoming.destroy();
  stop.addEventListener('abort', giveUp);
  try {
    for await (const piece of incoming as AsyncIterable<string>) {
      for (const event of decoder.push(piece)) {
        if (stop.aborted) return;
        onEvent(event);
      }
    }
  } catch (error) {
    // However it ends, by a goodbye or with the process of the server, it has ended.
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
  } finally {
    stop.removeEventListener('abort', giveUp);
    incoming.destroy();
  }
}

/** Without its parameters. */
function typeOf({ headers }: IncomingMessage): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]!.trim();
}

function asUnreachable(error: unknown, target: AdminTarget, timeout: AbortSignal): ClientError {
  if (error instanceof ClientError) return error;
  const words = error instanceof Error ? error.message : String(error);
  const reason = timeout.aborted ? `no answer in ${timeoutMs / 1_000} s` : words;
  const advice = target.isSecure
    ? 'It answers there where it was started with --admin-tls-host'
    : 'It answers on its own machine, at the port that it says when it starts; from elsewhere ' +
      'use --server-admin https://HOST:4643';
  return new ClientError(
    'unreachable',
    `cannot ask the server at ${target.origin}: ${reason}. ${advice}`,
    { cause: error },
  );
}
