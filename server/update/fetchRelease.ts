import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { ServerError } from '../errors.js';
import type { UpdateLimits } from '../updateLimits.js';
import { isDiskFault } from './diskFault.js';

/** Words for people about an address that is not used. */
export const updateUrlAllowed = 'an https address of a folder with manifest.json (http: loopback)';

/** Whether releases may be fetched from there: what is not encrypted comes from this machine. */
export function isUpdateUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/** The address of a file beside the manifest. @param folder as isUpdateUrl() wants it */
export function addressOf(folder: string, name: string): URL {
  return new URL(name, folder.endsWith('/') ? folder : `${folder}/`);
}

/**
 * Fetches something small.
 *
 * @throws ServerError `releaseUnreachable`, `releaseRefused` where it is larger
 */
export async function fetchSmall(url: URL, limits: UpdateLimits): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const bounds = { bytesMax: limits.manifestBytesMax, msMax: limits.fetchSmallMsMax };
  await eachChunk(url, bounds, limits, (chunk) => {
    chunks.push(chunk);
    return Promise.resolve();
  });
  return new Uint8Array(Buffer.concat(chunks));
}

export interface ExpectedFile {
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * Fetches a file and keeps it; when this returns it is on the disk, and is what was expected.
 *
 * @param onProgress told how many bytes have come, as they come
 * @throws ServerError `releaseUnreachable`, or `releaseRefused` for anything but what was expected
 */
export async function fetchFile(
  url: URL,
  path: string,
  expected: ExpectedFile,
  limits: UpdateLimits,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const hash = createHash('sha256');
  const file = await open(path, 'w', 0o600);
  try {
    let count = 0;
    const bounds = { bytesMax: expected.bytes, msMax: limits.fetchMsMax };
    await eachChunk(url, bounds, limits, async (chunk) => {
      hash.update(chunk);
      count += chunk.length;
      await file.writeFile(chunk);
      onProgress(count);
    });
    if (count < expected.bytes) throw refusal(url, `is cut short (${count} bytes)`);
    if (hash.digest('hex') !== expected.sha256) {
      throw refusal(url, 'has another hash than the signed manifest says');
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

function refusal(url: URL, what: string): ServerError {
  const text = `${url.href} ${what}. It is not used, and nothing was changed. Try again later.`;
  return new ServerError('releaseRefused', text);
}

interface FetchBounds {
  /** What is longer is refused before it is taken. */
  readonly bytesMax: number;
  /** From beginning to end. */
  readonly msMax: number;
}

async function eachChunk(
  url: URL,
  { bytesMax, msMax }: FetchBounds,
  limits: UpdateLimits,
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const abort = new AbortController();
  let reason = '';
  const giveUp = (why: string): void => {
    reason = why;
    abort.abort();
  };
  const timer = setTimeout(() => giveUp('it sends nothing'), limits.silenceMsMax);
  const whole = setTimeout(() => giveUp('it sends too slowly'), msMax);
  try {
    const response = await follow(url, limits.redirectsMax, abort.signal);
    let count = 0;
    for await (const chunk of response.body ?? []) {
      timer.refresh();
      count += (chunk as Uint8Array).length;
      if (count > bytesMax) throw refusal(url, `has more than ${bytesMax} bytes`);
      await take(chunk as Uint8Array);
    }
  } catch (cause) {
    if (cause instanceof ServerError || isDiskFault(cause)) throw cause;
    throw unreachable(url, reason === '' ? reasonOf(cause) : reason, cause);
  } finally {
    clearTimeout(whole);
    clearTimeout(timer);
    abort.abort();
  }
}

/** Each address on the way is one that isUpdateUrl() allows, and https leads to https alone. */
async function follow(url: URL, redirectsMax: number, signal: AbortSignal): Promise<Response> {
  let at = url;
  for (let redirects = 0; redirects <= redirectsMax; redirects++) {
    const response = await fetch(at, { redirect: 'manual', signal });
    if (response.ok) return response;
    const location = response.headers.get('location');
    await response.body?.cancel();
    if (response.status < 300 || response.status > 399 || location === null) {
      throw unreachable(url, `it answers ${response.status}`);
    }
    const next = new URL(location, at);
    if (!isUpdateUrl(next.href) || (at.protocol === 'https:' && next.protocol !== 'https:')) {
      throw unreachable(url, `it leads to ${next.origin}, which is not encrypted`);
    }
    at = next;
  }
  throw unreachable(url, 'it leads from one address to the next without an end');
}

function unreachable(url: URL, reason: string, cause?: unknown): ServerError {
  return new ServerError(
    'releaseUnreachable',
    `Cannot fetch ${url.href}: ${reason}. Nothing was changed. Check the address (update-url) ` +
      'and the network, and try again.',
    { cause },
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
