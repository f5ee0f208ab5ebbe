import { isUpdateUrl } from '@rookery/schemas/release/releaseAddress';
import { fetchFaultOf, type FetchFaultCode } from './fetchFault.js';
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
 * @throws TransportError with a FetchFaultCode (`ADDRESS: REASON`)
 */
export async function* fetchPieces(
  url: URL,
  { bytesMax, silenceMsMax, totalMsMax, redirectsMax }: FetchLimits,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const abort = new AbortController();
  const end = (code: FetchFaultCode, reason: string): void => {
    abort.abort(failed(url, code, reason));
  };
  const silence = setTimeout(() => end('fetchSilent', 'it sends nothing'), silenceMsMax);
  const slow = (): void => end('fetchSlow', 'it sends too slowly');
  const total = totalMsMax === null ? null : setTimeout(slow, totalMsMax);
  const cancel = (): void => end('fetchGivenUp', 'it was given up');
  signal?.addEventListener('abort', cancel);
  if (signal?.aborted === true) cancel();
  try {
    const response = await follow(url, redirectsMax, abort.signal);
    let count = 0;
    for await (const piece of response.body ?? []) {
      silence.refresh();
      count += (piece as Uint8Array).length;
      if (count > bytesMax) {
        throw failed(url, 'fetchTooLarge', `it has more than ${bytesMax} bytes`);
      }
      yield piece as Uint8Array;
    }
  } catch (cause) {
    if (cause instanceof TransportError) throw cause;
    throw broken(url, cause);
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
      const fact = String(response.status);
      throw failed(url, 'fetchAnswer', `it answers ${fact}`, { fact });
    }
    const next = URL.canParse(location, at.href) ? new URL(location, at) : null;
    const isAllowed = next !== null && isUpdateUrl(next.href);
    if (!isAllowed || (at.protocol === 'https:' && next.protocol !== 'https:')) {
      const fact = (next?.origin ?? location).slice(0, 100);
      const reason = `it leads to ${fact}, which is not encrypted`;
      throw failed(url, 'fetchUnencrypted', reason, { fact });
    }
    at = next;
  }
  throw failed(url, 'fetchAstray', 'it leads from one address to the next without an end');
}

function failed(
  url: URL,
  code: FetchFaultCode,
  reason: string,
  more: ConstructorParameters<typeof TransportError>[2] = {},
): TransportError {
  return new TransportError(code, `${url.href}: ${reason}`, more);
}

/** What fetch() rejects with says next to nothing; its cause does. */
function broken(url: URL, thrown: unknown): TransportError {
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  if (!(cause instanceof Error)) return failed(url, 'fetchFailed', String(cause), { cause });
  const systemCode = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const reason = cause.message === '' ? systemCode : cause.message;
  return failed(url, fetchFaultOf(systemCode), reason, { cause: thrown, fact: systemCode });
}
