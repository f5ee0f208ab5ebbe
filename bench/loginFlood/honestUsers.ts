import { ClientError } from '@rookery/client/engine/clientError';
import { setTimeout as delay } from 'node:timers/promises';
import { FrameType } from '@rookery/schemas/frameType';
import { applicationProtocol, rootRoomId } from '@rookery/schemas/protocol';
import { newTimeOrderedUuid } from '@rookery/schemas/uuid';
import { startQuicClient, type QuicDriver } from '@rookery/transport/quicDriver';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type { ConnectionId } from '@rookery/transport/quicTypes';
import { BenchError } from '../benchError.js';
import { BotSession, createIdentity, type BotIdentity } from '@rookery/client/bots/botSession';

/** What honest people met in a while. */
export interface HonestFigures {
  /** Milliseconds from the first packet to AuthOk, of each login with the right password. */
  readonly loginMs: readonly number[];
  readonly failedLogins: number;
  /** Milliseconds from sending a message to its answer; it is on the disk then. */
  readonly messageMs: readonly number[];
}

const messageEveryMs = 50;
const loginEveryMs = 400;
/** Of so many each logs in again less often than the pace of one user's logins. */
const returningDefault = 4;
const attemptMsMax = 15_000;

/** Somebody who writes, and some who were here before and log in again and again. */
export class HonestUsers {
  readonly #password: string;
  readonly #remote: { readonly host: string; readonly port: number };
  readonly #driver: QuicDriver;
  readonly #sessions: Map<ConnectionId, BotSession>;
  readonly #identities: readonly BotIdentity[];
  #writer: BotSession | null = null;
  #logins = 0;

  /**
   * @param port of a server on 127.0.0.1
   * @param returning who log in again and again
   */
  static async open(
    port: number,
    password: string,
    returning = returningDefault,
  ): Promise<HonestUsers> {
    const sessions = new Map<ConnectionId, BotSession>();
    const remote = { host: '127.0.0.1', port };
    const driver = await startQuicClient({
      alpn: applicationProtocol,
      limits: defaultQuicLimits,
      onEvent: (event) => sessions.get(event.connection)?.handleEvent(event),
      remote,
      localHost: '127.8.0.1',
    });
    const users = new HonestUsers(driver, sessions, remote, password, returning);
    users.#writer = await users.#logIn(createIdentity());
    await users.#writer.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
    for (const identity of users.#identities) (await users.#logIn(identity)).leave();
    return users;
  }

  private constructor(
    driver: QuicDriver,
    sessions: Map<ConnectionId, BotSession>,
    remote: { readonly host: string; readonly port: number },
    password: string,
    returning: number,
  ) {
    this.#driver = driver;
    this.#sessions = sessions;
    this.#remote = remote;
    this.#password = password;
    this.#identities = Array.from({ length: returning }, createIdentity);
  }

  /** Lets them do what they do, for so long. */
  async measure(seconds: number): Promise<HonestFigures> {
    const endMs = performance.now() + seconds * 1_000;
    const messageMs: number[] = [];
    const loginMs: number[] = [];
    let failedLogins = 0;
    const write = async (): Promise<void> => {
      while (performance.now() < endMs) {
        messageMs.push(await timed(() => this.#write()));
        await delay(messageEveryMs);
      }
    };
    const logIn = async (): Promise<void> => {
      while (performance.now() < endMs) {
        try {
          const identity = this.#identities[this.#logins++ % this.#identities.length]!;
          let session: BotSession | null = null;
          loginMs.push(await timed(async () => (session = await this.#logIn(identity))));
          (session as BotSession | null)?.leave();
        } catch (error) {
          if (!(error instanceof ClientError)) throw error;
          failedLogins += 1;
        }
        await delay(loginEveryMs);
      }
    };
    await Promise.all([write(), logIn()]);
    return { loginMs, failedLogins, messageMs };
  }

  close(): Promise<void> {
    return this.#driver.close(0, '');
  }

  async #write(): Promise<void> {
    const clientMessageId = newTimeOrderedUuid(Date.now());
    const message = { roomId: rootRoomId, text: 'Good evening.', clientMessageId };
    const nothing = { replyToId: null, attachmentIds: [] };
    await this.#writer!.command({ type: FrameType.SendMessage, ...message, ...nothing });
  }

  async #logIn(identity: BotIdentity): Promise<BotSession> {
    const connection = this.#driver.connect(this.#remote, 'localhost');
    const session = new BotSession(this.#driver, connection);
    this.#sessions.set(connection, session);
    const late = delay(attemptMsMax, 'late' as const, { ref: false });
    const login = session.login(nameOf(identity), identity, { password: this.#password });
    if ((await Promise.race([login, late])) === 'late') {
      login.catch(() => undefined);
      throw new BenchError('refused', 'The server did not answer a login in time.');
    }
    return session;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}

/** Names are unique among those who are there. */
function nameOf({ publicKey }: BotIdentity): string {
  return `Honest ${Buffer.from(publicKey).toString('hex', 0, 8)}`;
}
