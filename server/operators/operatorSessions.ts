import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Operator, OperatorDesk } from './operatorDesk.js';
import type { ProvenOperator } from './operatorLogin.js';

export interface OperatorSessionsOptions {
  readonly desk: Pick<OperatorDesk, 'open' | 'close'>;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** Of one login. */
interface OperatorSession {
  readonly operator: Operator;
  readonly sessionId: string;
  /** SHA-256 of the token that is good for the next renewal alone. */
  refreshHash: Buffer;
  endsAtMs: number;
}

/** What somebody goes on with who has logged in. */
export interface Granted {
  readonly operator: Operator;
  readonly sessionId: string;
  /** Good once, for a renewal. */
  readonly refreshToken: string;
}

/** Without a renewal for so long one logs in anew. */
const restMs = 12 * 3_600_000;

/** Who needs more of them has lost count; the oldest goes. */
const perUserMax = 16;

/**
 * Who is logged in to run the server. Held in memory alone: a restart ends all. A token for a
 * renewal is good once; who brings one that was used has stolen it, or was stolen from, so the
 * session ends. Main thread.
 */
export class OperatorSessions {
  readonly #options: OperatorSessionsOptions;
  readonly #sessions = new Map<string, OperatorSession>();

  constructor(options: OperatorSessionsOptions) {
    this.#options = options;
  }

  begin({ userId, displayName }: ProvenOperator): Granted {
    const own = [...this.#sessions.values()].filter(({ operator }) => operator.userId === userId);
    for (const oldest of own.slice(0, Math.max(0, own.length - perUserMax + 1))) this.#end(oldest);
    const operator = this.#options.desk.open(userId, displayName);
    const sessionId = randomBytes(16).toString('base64url');
    const refresh = newRefresh();
    this.#sessions.set(sessionId, {
      ...{ operator, sessionId, refreshHash: refresh.hash },
      endsAtMs: this.#options.nowMs() + restMs,
    });
    return { operator, sessionId, refreshToken: `${sessionId}.${refresh.secret}` };
  }

  /** @returns null where there is no such session any more */
  find(sessionId: string): Operator | null {
    return this.#living(sessionId)?.operator ?? null;
  }

  /** @returns null for a token that is not good (any more) */
  renew(refreshToken: string): Granted | null {
    const [sessionId = '', secret = ''] = refreshToken.split('.');
    const session = this.#living(sessionId);
    if (session === null) return null;
    if (!timingSafeEqual(hashOf(secret), session.refreshHash)) {
      this.#end(session);
      return null;
    }
    const refresh = newRefresh();
    session.refreshHash = refresh.hash;
    session.endsAtMs = this.#options.nowMs() + restMs;
    const { operator } = session;
    return { operator, sessionId, refreshToken: `${sessionId}.${refresh.secret}` };
  }

  end(sessionId: string): void {
    const session = this.#sessions.get(sessionId);
    if (session !== undefined) this.#end(session);
  }

  #living(sessionId: string): OperatorSession | null {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return null;
    if (session.endsAtMs > this.#options.nowMs()) return session;
    this.#end(session);
    return null;
  }

  #end({ operator, sessionId }: OperatorSession): void {
    this.#sessions.delete(sessionId);
    this.#options.desk.close(operator);
  }
}

function newRefresh(): { secret: string; hash: Buffer } {
  const secret = randomBytes(32).toString('base64url');
  return { secret, hash: hashOf(secret) };
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
