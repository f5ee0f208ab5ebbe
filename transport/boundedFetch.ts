import { isUpdateUrl } from '@rookery/schemas/release/releaseAddress';
import { TransportError } from './transportError.js';

/** Bounds of what is taken from an address. */
export interface FetchLimits {
  /** What is longer is refused before it is taken. */
  readonly bytesMax: number;
  /** Who sends nothing for so long sends nothing any more. */
  readonly silenceMsMax: number;
  /** For all of it; null: as long as something comes. */
  readonly totalMsMax: number | null;
  readonly redirectsMax: number;
}

/**
 * Fetches over https, or from this machine, and hands on what comes piece by piece.
 *
 * @param url as isUpdateUrl() allows it, and so is each address that it leads to; https leads to
 *   https alone
 * @param signal ends it
 * @throws TransportError `fetchFailed` (`ADDRESS: REASON`), `fetchTooLarge`
 */
export async function* fetchPieces(
  url: URL,
  { bytesMax, silenceMsMax, totalMsMax, redirectsMax }: FetchLimits,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const abort = new AbortController();
  const end = (reason: string): void => abort.abort(failed(url, reason));
  const silence = setTimeout(() => end('it sends nothing'), silenceMsMax);
  const total =
    totalMsMax === null ? null : setTimeout(() => end('it sends too slowly'), totalMsMax);
  const cancel = (): void => end('it was given up');
  signal?.addEventListener('abort', cancel);
  if (signal?.aborted === true) cancel();
  try {
    const response = await follow(url, redirectsMax, abort.signal);
    let count = 0;
    for await (const piece of response.body ?? []) {
      silence.refresh();
      count += (piece as Uint8Array).length;
      if (count > bytesMax) {
        throw new TransportError('fetchTooLarge', `${url.href} has more than ${bytesMax} bytes`);
      }
      yield piece as Uint8Array;
    }
  } catch (cause) {
    if (cause instanceof TransportError) throw cause;
    throw failed(url, reasonOf(cause), cause);
  } finally {
    clearTimeout(silence);
    if (total !== null) clearTimeout(total);
    signal?.removeEventListener('abort', cancel);
    // Lets go of what has not come yet.
    abort.abort();
  }
}

/** Fetches something small. @throws as fetchPieces() */
export async function fetchWhole(
  url: URL,
  limits: FetchLimits,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of fetchPieces(url, limits, signal)) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

async function follow(url: URL, redirectsMax: number, signal: AbortSignal): Promise<Response> {
  let at = url;
  for (let redirects = 0; redirects <= redirectsMax; redirects++) {
    const response = await fetch(at, { redirect: 'manual', signal });
    if (response.ok) return response;
    const location = response.headers.get('location');
    await response.body?.cancel();
    if (response.status < 300 || response.status > 399 || location === null) {
      throw failed(url, `it answers ${response.status}`);
    }
    const next = URL.canParse(location, at.href) ? new URL(location, at) : null;
    const isAllowed = next !== null && isUpdateUrl(next.href);
    if (!isAllowed || (at.protocol === 'https:' && next.protocol !== 'https:')) {
      const where = next?.origin ?? 'what is no address';
      throw failed(url, `it leads to ${where}, which is not encrypted`);
    }
    at = next;
  }
  throw failed(url, 'it leads from one address to the next without an end');
}

function failed(url: URL, reason: string, cause?: unknown): TransportError {
  return new TransportError('fetchFailed', `${url.href}: ${reason}`, { cause });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
