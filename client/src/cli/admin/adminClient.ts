import { z } from 'zod';
import { ClientError } from '../../engine/clientError.js';
import { isShown } from '../../engine/fingerprint.js';
import {
  askOnce,
  followOnce,
  type AdminPlace,
  type AdminAnswer,
  type AdminRequest,
} from './adminConnection.js';
import { faultOfAnswer, notLoggedIn, noRookery, sessionEnded } from './adminFaults.js';
import { changeAdminSessions, readAdminSessions, withSession } from './adminSessions.js';
import { parseAdminTarget, type AdminTarget } from './adminTarget.js';
import type { SentEvent } from './eventDecoder.js';

/** Where nobody logged in anywhere. */
export const usualOrigin = 'http://127.0.0.1:4642';

const grantedBody = z.object({ accessToken: z.string(), refreshToken: z.string() });

/** What a login and a renewal are answered with. */
export type Granted = z.infer<typeof grantedBody>;

/** @throws ClientError `protocolViolation` */
export function readGranted(answer: AdminAnswer, { origin }: AdminTarget): Granted {
  const granted = grantedBody.safeParse(answer.body);
  if (granted.success) return granted.data;
  throw noRookery(origin);
}

type Asked = Omit<AdminRequest, 'accessToken'>;

/** Asks a server in the name of whoever logged in from a profile. */
export class AdminClient {
  readonly target: AdminTarget;
  readonly #profileFolder: string;
  readonly #place: AdminPlace;
  #accessToken: string | null = null;

  private constructor(profileFolder: string, target: AdminTarget, fingerprint: string | null) {
    this.#profileFolder = profileFolder;
    this.target = target;
    this.#place = {
      target,
      checkFingerprint: (shown) => {
        if (fingerprint !== null && isShown(fingerprint, shown)) return;
        throw otherCertificate(target, fingerprint, shown.key);
      },
    };
  }

  /**
   * Nothing is asked yet.
   *
   * @param target null for the server that the user logged in to last
   * @throws ClientError `sessionEnded` where nobody logged in, `fileUnreadable`
   */
  static async open(profileFolder: string, target: AdminTarget | null): Promise<AdminClient> {
    const { lastOrigin, sessions } = await readAdminSessions(profileFolder);
    const meant = target ?? parseAdminTarget(lastOrigin ?? usualOrigin);
    const kept = sessions[meant.origin];
    if (kept === undefined) throw notLoggedIn(meant.origin);
    return new AdminClient(profileFolder, meant, kept.fingerprint);
  }

  /** @returns what the server answers with. @throws ClientError */
  async ask(asked: Asked): Promise<unknown> {
    const answer = await this.#withToken((accessToken) =>
      askOnce(this.#place, { ...asked, accessToken }),
    );
    if (answer.status < 300) return answer.body;
    throw faultOfAnswer(answer, this.target);
  }

  /**
   * Reads server-sent events until the user wants no more.
   *
   * @throws ClientError, `disconnected` where the server ends it
   */
  async follow(
    path: string,
    stop: AbortSignal,
    onEvent: (event: SentEvent) => void,
  ): Promise<void> {
    const answer = await this.#withToken((accessToken) =>
      followOnce(this.#place, { method: 'GET', path, accessToken }, stop, onEvent),
    );
    if (answer !== null) throw faultOfAnswer(answer, this.target);
    if (stop.aborted) return;
    throw new ClientError(
      'disconnected',
      `the server at ${this.target.origin} tells no more: it stopped, or the session has ended`,
    );
  }

  /** Ends the session here and at the server, where that still answers. */
  async logOut(): Promise<void> {
    const { origin } = this.target;
    await changeAdminSessions(this.#profileFolder, async (before, write) => {
      const refreshToken = before.sessions[origin]?.refreshToken ?? '';
      await write(withSession(before, origin, null));
      const asked = { method: 'POST', path: '/logout', body: { refreshToken } } as const;
      await askOnce(this.#place, { ...asked, accessToken: null });
    });
  }

  /** An access token outlives most commands, but not those that are followed. */
  async #withToken<Answer extends AdminAnswer | null>(
    work: (accessToken: string) => Promise<Answer>,
  ): Promise<Answer> {
    const isFirst = this.#accessToken === null;
    const answer = await work((this.#accessToken ??= await this.#renew()));
    if (answer?.status !== 401 || isFirst) return answer;
    this.#accessToken = await this.#renew();
    return work(this.#accessToken);
  }

  /** The token that is good once is replaced on disk before its answer is used. */
  #renew(): Promise<string> {
    const { origin } = this.target;
    return changeAdminSessions(this.#profileFolder, async (before, write) => {
      const kept = before.sessions[origin];
      if (kept === undefined) throw notLoggedIn(origin);
      const body = { refreshToken: kept.refreshToken };
      const asked = { method: 'POST', path: '/renew', body, accessToken: null } as const;
      const answer = await askOnce(this.#place, asked);
      if (answer.status === 401) {
        await write(withSession(before, origin, null));
        throw sessionEnded(origin);
      }
      if (answer.status !== 200) throw faultOfAnswer(answer, this.target);
      const { accessToken, refreshToken } = readGranted(answer, this.target);
      await write(withSession(before, origin, { ...kept, refreshToken }));
      return accessToken;
    });
  }
}

/** @param expected null where the session began without TLS */
export function otherCertificate(
  { origin }: AdminTarget,
  expected: string | null,
  shown: string,
): ClientError {
  const facts = { ...(expected !== null && { expectedFingerprint: expected }) };
  return new ClientError(
    'fingerprintChanged',
    `the server at ${origin} shows another key than it should: expected ` +
      `${expected ?? 'none'}, got ${shown}. Nothing was sent to it. Somebody may be listening ` +
      'in: ask its operator for the fingerprint, and log in with it only if it is the same',
    { facts: { ...facts, shownFingerprint: shown } },
  );
}
