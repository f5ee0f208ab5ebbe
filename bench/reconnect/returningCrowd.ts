import { ClientError } from '@rookery/client/engine/clientError';
import { setTimeout as delay } from 'node:timers/promises';
import { reconnectDelayMs } from '@rookery/client/engine/reconnectDelay';
import { FrameType } from '@rookery/schemas/frameType';
import type { Uuid } from '@rookery/schemas/messages';
import { applicationProtocol, rootRoomId } from '@rookery/schemas/protocol';
import { startQuicClient, type QuicDriver } from '@rookery/transport/quicDriver';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type { ConnectionId } from '@rookery/transport/quicTypes';
import { BenchError } from '../benchError.js';
import { BotSession, createIdentity, type BotIdentity } from '@rookery/client/bots/botSession';

/** As from many homes: the limits of one address are measured elsewhere. */
const usersPerAddress = 20;
/** 127.0.0.1 is left to others. */
const firstHostNumber = 2;
const loginsAtOnce = 8;
/** As of a client (its handshake and each of its answers). */
const attemptMsMax = 5_000;
const lookEveryMs = 10;

interface User {
  readonly identity: BotIdentity;
  readonly displayName: string;
  readonly place: Place;
  session: BotSession | null;
  roomId: Uuid;
}

/** One address, with the sessions on its socket. */
interface Place {
  readonly host: string;
  driver: Promise<QuicDriver> | null;
  sessions: Map<ConnectionId, BotSession>;
}

/** How a crowd came back. */
export interface ReturnOfCrowd {
  /** Of each who is back, ms after it was lost, or all set out. */
  readonly backAfterMs: readonly number[];
  readonly failedAttempts: number;
  /** From when the first was lost, or all set out, until the last was back. */
  readonly spanMs: number;
}

/** Users in rooms who lose their server all at once, and come back as clients do. */
export class ReturningCrowd {
  readonly #remote: { readonly host: string; readonly port: number };
  readonly #users: User[];
  readonly #places: Place[];

  /** @param port QUIC port of a server on 127.0.0.1, and of the one that follows it */
  constructor(port: number, users: number) {
    this.#remote = { host: '127.0.0.1', port };
    this.#places = Array.from({ length: Math.ceil(users / usersPerAddress) }, (_, index) => {
      const number = firstHostNumber + index;
      const host = `127.0.${number >> 8}.${number & 255}`;
      return { host, driver: null, sessions: new Map() };
    });
    this.#users = Array.from({ length: users }, (_, index) => ({
      identity: createIdentity(),
      displayName: `Bench ${index + 1}`,
      place: this.#places[Math.floor(index / usersPerAddress)]!,
      session: null,
      roomId: rootRoomId,
    }));
  }

  /** Logs everybody in, a few at a time, into rooms of a size. @throws BenchError `refused` */
  async settle(usersPerRoom: number): Promise<void> {
    let next = 0;
    const logInInTurn = async (): Promise<void> => {
      for (let index = next++; index < this.#users.length; index = next++) {
        await this.#logIn(this.#users[index]!);
      }
    };
    await Promise.all(Array.from({ length: loginsAtOnce }, logInInTurn));
    for (let from = 0; from < this.#users.length; from += usersPerRoom) {
      const members = this.#users.slice(from, from + usersPerRoom);
      const name = `Bench ${from / usersPerRoom + 1}`;
      const create = {
        type: FrameType.CreateRoom,
        isTemporary: false,
        parentId: rootRoomId,
        name,
      } as const;
      const roomId: Uuid | null = await members[0]!.session!.command(create);
      if (roomId === null) throw new BenchError('refused', 'The server made a room without an id.');
      const join = { type: FrameType.JoinRoom, roomId } as const;
      for (const member of members) member.roomId = roomId;
      await Promise.all(members.map(({ session }) => session!.command(join)));
    }
  }

  /** Forgets all connections; the server is gone and hears nothing of it. */
  async lose(): Promise<void> {
    await Promise.all(
      this.#places.map(async (place) => {
        await (await place.driver)?.close(0, '');
        place.driver = null;
        place.sessions = new Map();
      }),
    );
  }

  /** Everybody sets out at once, each with a client's delays between attempts. */
  async comeBack(timeoutMsMax: number): Promise<ReturnOfCrowd> {
    const startMs = performance.now();
    let failedAttempts = 0;
    const returns = this.#users.map(async (user) => {
      for (let attempt = 0; ; attempt++) {
        await delay(reconnectDelayMs(attempt, Math.random()));
        const sinceMs = performance.now() - startMs;
        if (sinceMs > timeoutMsMax) return null;
        try {
          await this.#logIn(user);
          return performance.now() - startMs;
        } catch (error) {
          if (!(error instanceof ClientError)) throw error;
          failedAttempts += 1;
        }
      }
    });
    const backAfterMs = (await Promise.all(returns)).filter((ms) => ms !== null);
    return { backAfterMs, failedAttempts, spanMs: Math.max(0, ...backAfterMs) };
  }

  /**
   * Waits until everybody has lost the server and is back in its room, each with a client's delays
   * between attempts.
   */
  async outliveRestart(timeoutMsMax: number): Promise<ReturnOfCrowd> {
    const endMs = performance.now() + timeoutMsMax;
    let failedAttempts = 0;
    const trips = this.#users.map(async (user) => {
      while (user.session?.isLost !== true) {
        if (performance.now() > endMs) return null;
        await delay(lookEveryMs);
      }
      const lostAtMs = performance.now();
      for (let attempt = 0; performance.now() < endMs; attempt++) {
        await delay(reconnectDelayMs(attempt, Math.random()));
        try {
          await this.#logIn(user);
          await user.session.command({ type: FrameType.JoinRoom, roomId: user.roomId });
          return { lostAtMs, backAtMs: performance.now() };
        } catch (error) {
          if (!(error instanceof ClientError || error instanceof BenchError)) throw error;
          failedAttempts += 1;
        }
      }
      return null;
    });
    const back = (await Promise.all(trips)).filter((trip) => trip !== null);
    const firstLostMs = Math.min(...back.map(({ lostAtMs }) => lostAtMs));
    return {
      backAfterMs: back.map(({ lostAtMs, backAtMs }) => backAtMs - lostAtMs),
      failedAttempts,
      spanMs: Math.max(0, ...back.map(({ backAtMs }) => backAtMs - firstLostMs)),
    };
  }

  /** Some say goodbye. */
  leave(count: number): void {
    for (const { session } of this.#users.slice(0, count)) session?.leave();
  }

  /** Those who have left log in, one after the other. @throws BenchError `refused` */
  async logInQuietly(count: number): Promise<void> {
    for (const user of this.#users.slice(0, count)) await this.#logIn(user);
  }

  async #logIn(user: User): Promise<void> {
    const { place, identity, displayName } = user;
    const driver = await this.#driverOf(place);
    const connection = driver.connect(this.#remote, 'localhost');
    const session = new BotSession(driver, connection);
    place.sessions.set(connection, session);
    const login = session.login(displayName, identity).then(() => session);
    const outcome = await new Promise<BotSession | null>((resolve, reject) => {
      const timer = setTimeout(resolve, attemptMsMax, null);
      login.then(resolve, reject).finally(() => clearTimeout(timer));
    });
    if (outcome === null) {
      login.catch(() => undefined);
      driver.endpoint.close(connection, 0, '');
      throw new BenchError('refused', 'The server did not answer a login in time.');
    }
    user.session = session;
  }

  #driverOf(place: Place): Promise<QuicDriver> {
    place.driver ??= startQuicClient({
      alpn: applicationProtocol,
      limits: defaultQuicLimits,
      onEvent: (event) => place.sessions.get(event.connection)?.handleEvent(event),
      remote: this.#remote,
      localHost: place.host,
    });
    return place.driver;
  }
}
