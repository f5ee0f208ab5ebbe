import type { axios } from 'acme-client';
import { ServerError } from '../../errors.js';
import { readRetryAfter } from './retryAfter.js';

/** The requests of acme-client. */
type Axios = typeof axios;
type Asked = Parameters<Axios['request']>[0];

/** Of one request to the authority. */
const requestMs = 30_000;

/** Characters of what an authority says that are handed on. */
const wordsMax = 500;

/** Among what an answer holds, as acme-client hands on nothing else: see waitAskedFor(). */
const waitName = 'rookeryRetryAfterMs';

/** A problem document (RFC 8555 section 6.7, RFC 7807), of which nothing can be relied on. */
interface Problem {
  readonly type?: unknown;
  readonly detail?: unknown;
  readonly subproblems?: unknown;
}

/**
 * Has acme-client ask in a way that its faults can be told apart: by itself it waits inside for as
 * long as the authority says, says of one that cannot be reached only that something is undefined,
 * and keeps Retry-After from its caller.
 */
export function mendRequests(requests: Axios): void {
  const plain = requests.create({ adapter: 'http', timeout: requestMs });
  requests.defaults.adapter = (asked) => ask(plain, asked);
}

/**
 * After how long the authority wants to be asked again, of any answer that acme-client hands on.
 *
 * @returns milliseconds; null where it said nothing
 */
export function waitAskedFor(answer: object): number | null {
  return (answer as { readonly [waitName]?: number | null })[waitName] ?? null;
}

/**
 * @throws ServerError `acmeUnreachable`, `acmeRateLimited`, `acmeFailed`; what it says is the
 *   authority's reason alone. acme-client hands them on as they are.
 */
async function ask(plain: Axios, asked: Asked) {
  const answer = await plain
    .request<unknown>({ ...asked, adapter: 'http', validateStatus: null })
    .catch((cause: unknown) => {
      throw new ServerError('acmeUnreachable', reasonOf(cause), { cause });
    });
  const { status, data } = answer;
  const header = answer.headers['retry-after'] as string | undefined;
  const retryAfterMs = readRetryAfter(header, Date.now());
  const problem: Problem = typeof data === 'object' && data !== null ? data : {};
  // acme-client signs again with another nonce.
  if (status < 400 || isOfType(problem, 'badNonce')) {
    if (retryAfterMs !== null) Object.assign(problem, { [waitName]: retryAfterMs });
    return answer;
  }
  const isForNow = status === 429 || status === 503 || isOfType(problem, 'rateLimited');
  const reason = problemText(problem) || `it answered with HTTP status ${status}`;
  throw new ServerError(isForNow ? 'acmeRateLimited' : 'acmeFailed', reason, { retryAfterMs });
}

function isOfType({ type }: Problem, name: string): boolean {
  return type === `urn:ietf:params:acme:error:${name}`;
}

/** "connect ECONNREFUSED 192.0.2.1:443"; some faults of a connection have a code and no words. */
function reasonOf(cause: unknown): string {
  const { message, code } = cause as { readonly message?: string; readonly code?: string };
  return message || code || String(cause);
}

/**
 * What a problem document says, and what it says of each name (RFC 8555 section 6.7.1).
 *
 * @param problem as it came
 * @returns one line; empty where it says nothing
 */
export function problemText(problem: unknown): string {
  if (typeof problem !== 'object' || problem === null) return '';
  const { detail, subproblems } = problem as Problem;
  const parts = Array.isArray(subproblems) ? (subproblems as unknown[]).map(problemText) : [];
  const words = [typeof detail === 'string' ? detail : '', ...parts].filter((part) => part !== '');
  return words.join('; ').replace(/\s+/g, ' ').trim().slice(0, wordsMax);
}
