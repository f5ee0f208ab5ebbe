import { setTimeout as delay } from 'node:timers/promises';
import { FrameType } from '@rookery/schemas/frameType';
import { applicationProtocol, CloseCode, rootRoomId } from '@rookery/schemas/protocol';
import { newTimeOrderedUuid } from '@rookery/schemas/uuid';
import { startQuicClient, type QuicDriver } from '@rookery/transport/quicDriver';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type { ConnectionId } from '@rookery/transport/quicTypes';
import { BotSession, createIdentity } from '@rookery/client/bots/botSession';

const loginIntervalMs = 200;
const messageIntervalMs = 100;
/** Also what somebody who was not served at all counts. */
const waitMsMax = 10_000;
const text = 'x'.repeat(1_000);

/** How long honest clients waited, ms; who waited in vain counts as long as was waited. */
export interface HonestDelays {
  readonly loginMs: readonly number[];
  readonly messageMs: readonly number[];
  readonly failedLogins: number;
  readonly lostMessages: number;
}

/** Somebody who writes, somebody who reads, and people who come and go. */
export class HonestClients {
  readonly #driver: QuicDriver;
  readonly #sessions: Map<ConnectionId, BotSession>;
  readonly #port: number;
  #onEvent: () => void = () => undefined;
  #writer: BotSession | null = null;
  #reader: BotSession | null = null;
  #logins = 0;

  static async open(port: number): Promise<HonestClients> {
    const sessions = new Map<ConnectionId, BotSession>();
    let clients: HonestClients | null = null;
    const driver = await startQuicClient({
      alpn: applicationProtocol,
      limits: defaultQuicLimits,
      remote: { host: '127.0.0.1', port },
      onEvent: (event) => {
        sessions.get(event.connection)?.handleEvent(event);
        if (clients !== null) clients.#onEvent();
      },
    });
    clients = new HonestClients(driver, sessions, port);
    for (const place of ['#writer', '#reader'] as const) await clients.#settle(place);
    return clients;
  }

  private constructor(driver: QuicDriver, sessions: Map<ConnectionId, BotSession>, port: number) {
    this.#driver = driver;
    this.#sessions = sessions;
    this.#port = port;
  }

  /** Logs in and writes at a steady pace until it is told to end. */
  async measure(until: Promise<unknown>): Promise<HonestDelays> {
    const loginMs: number[] = [];
    const messageMs: number[] = [];
    let isOver = false;
    void until.finally(() => (isOver = true));
    let failedLogins = 0;
    let lostMessages = 0;
    const logIn = async (): Promise<void> => {
      while (!isOver) {
        const tookMs = await this.#timeLogin();
        if (tookMs === null) failedLogins++;
        loginMs.push(tookMs ?? waitMsMax);
        await delay(loginIntervalMs);
      }
    };
    const write = async (): Promise<void> => {
      while (!isOver) {
        const tookMs = await this.#timeMessage();
        if (tookMs === null) lostMessages++;
        messageMs.push(tookMs ?? waitMsMax);
        await delay(messageIntervalMs);
      }
    };
    await Promise.all([logIn(), write()]);
    return { loginMs, messageMs, failedLogins, lostMessages };
  }

  close(): Promise<void> {
    return this.#driver.close(CloseCode.Done, '');
  }

  async #settle(place: '#writer' | '#reader'): Promise<void> {
    const { session } = this.#connect();
    await session.login(`Honest ${place.slice(1)}`, createIdentity());
    await session.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
    if (place === '#writer') this.#writer = session;
    else this.#reader = session;
  }

  #connect(): { readonly session: BotSession; readonly connection: ConnectionId } {
    const remote = { host: '127.0.0.1', port: this.#port };
    const connection = this.#driver.connect(remote, 'localhost');
    const session = new BotSession(this.#driver, connection);
    this.#sessions.set(connection, session);
    return { session, connection };
  }

  /** @returns null where it was not let in */
  async #timeLogin(): Promise<number | null> {
    const identity = createIdentity();
    const fromMs = performance.now();
    const { session, connection } = this.#connect();
    const login = session.login(`Honest ${this.#logins++}`, identity).then(
      () => true,
      () => false,
    );
    const isIn = await Promise.race([login, delay(waitMsMax, false, { ref: false })]);
    const tookMs = performance.now() - fromMs;
    if (isIn) session.leave();
    await delay(1);
    this.#driver.endpoint.close(connection, CloseCode.Done, '');
    this.#driver.wake();
    this.#sessions.delete(connection);
    return isIn ? tookMs : null;
  }

  /** From the writer's hand to the reader's. @returns null where it did not come */
  async #timeMessage(): Promise<number | null> {
    const reader = this.#reader!;
    const heard = (): number => reader.received.get(FrameType.RoomMessage) ?? 0;
    const before = heard();
    const fromMs = performance.now();
    const message = {
      ...{ roomId: rootRoomId, text, clientMessageId: newTimeOrderedUuid(Date.now()) },
      ...{ replyToId: null, attachmentIds: [] },
    };
    void this.#writer!.command({ type: FrameType.SendMessage, ...message }).catch(() => null);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), waitMsMax);
      this.#onEvent = () => {
        if (heard() === before) return;
        clearTimeout(timer);
        this.#onEvent = () => undefined;
        resolve(performance.now() - fromMs);
      };
    });
  }
}
