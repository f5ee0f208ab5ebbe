import { FrameType } from '@rookery/schemas/frameType';
import type { Uuid } from '@rookery/schemas/messages';
import { applicationProtocol, rootRoomId } from '@rookery/schemas/protocol';
import type { QuicDriver } from '@rookery/transport/quicDriver';
import { startQuicClient } from '@rookery/transport/quicDriver';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type { ConnectionId } from '@rookery/transport/quicTypes';
import type { LoadRoom, LoadSession } from '../load/loadMessages.js';
import { BotSession } from '@rookery/client/bots/botSession';
import { writeInRoom, type Writing, type Written } from './writers.js';

/** Sessions from one address; a server takes 256. */
const sessionsPerAddress = 200;
/** 127.0.0.1 is left to the load. */
const firstHostNumber = 2;
/** Logins at once from one address; a server takes 64 handshakes. */
const loginsAtOnce = 32;

export interface OpenedRooms {
  /** Room after room, its members next to each other. */
  readonly sessions: LoadSession[];
  readonly rooms: LoadRoom[];
  /** Sessions beyond those of the rooms, in the first one. */
  readonly guests: LoadSession[];
}

/** Logs sessions in, from as many addresses of loopback as it takes, and keeps them alive. */
export class SessionHost {
  readonly sessions: BotSession[] = [];
  readonly #remote: { readonly host: string; readonly port: number };
  readonly #drivers: QuicDriver[] = [];
  #roomIds: readonly Uuid[] = [];
  /** Logins that were begun: each has a name of its own. */
  #begun = 0;

  /** @param port QUIC port of a server on 127.0.0.1 */
  constructor(port: number) {
    this.#remote = { host: '127.0.0.1', port };
  }

  /** How many sessions the server has closed. */
  get lost(): number {
    return this.sessions.filter(({ isLost }) => isLost).length;
  }

  get #packetsIn(): number {
    return this.#drivers.reduce((sum, { endpoint }) => sum + endpoint.counters.packetsIn, 0);
  }

  /** Logs so many sessions in. @throws BenchError `refused` */
  async logIn(count: number): Promise<void> {
    const batches: Promise<void>[] = [];
    for (let from = 0; from < count; from += sessionsPerAddress) {
      const address = `127.0.0.${firstHostNumber + batches.length}`;
      batches.push(this.#logInFrom(address, Math.min(sessionsPerAddress, count - from)));
    }
    await Promise.all(batches);
  }

  /**
   * Puts the sessions into rooms of equal size, and those left over into the first.
   *
   * @throws BenchError `refused`
   */
  async openRooms(rooms: number, membersPerRoom: number): Promise<OpenedRooms> {
    // Each by another session, so that none is over its budget of commands.
    this.#roomIds = await Promise.all(
      this.sessions.slice(0, rooms).map(async (session, index) => {
        const name = `Bench ${index + 1}`;
        const create = {
          type: FrameType.CreateRoom,
          isTemporary: false,
          parentId: rootRoomId,
          name,
        } as const;
        return (await session.command(create))!;
      }),
    );
    const members = rooms * membersPerRoom;
    const roomOf = (index: number): number =>
      index < members ? Math.floor(index / membersPerRoom) : 0;
    await Promise.all(
      this.sessions.map((session, index) => {
        const roomId = this.#roomIds[roomOf(index)]!;
        return session.command({ type: FrameType.JoinRoom, roomId });
      }),
    );
    const keys = await Promise.all(this.sessions.map((session) => session.untilRoomKey()));
    const sessions = this.sessions.map(({ authOk }, index) => ({
      token: authOk!.sessionToken,
      hopKey: authOk!.hopKey,
      room: roomOf(index),
    }));
    return {
      sessions: sessions.slice(0, members),
      rooms: Array.from({ length: rooms }, (_room, index) => keys[index * membersPerRoom]!),
      guests: sessions.slice(members),
    };
  }

  /** Lets the first of all write, who are in one room. @throws BenchError as writeInRoom() */
  async write(writing: Writing): Promise<Written> {
    const before = this.#packetsIn;
    const written = await writeInRoom(this.sessions, this.#roomIds[0]!, writing);
    return { ...written, packets: this.#packetsIn - before };
  }

  async close(): Promise<void> {
    await Promise.all(this.#drivers.map((driver) => driver.close(0, '')));
  }

  async #logInFrom(localHost: string, count: number): Promise<void> {
    const sessions = new Map<ConnectionId, BotSession>();
    const driver = await startQuicClient({
      alpn: applicationProtocol,
      limits: defaultQuicLimits,
      onEvent: (event) => sessions.get(event.connection)?.handleEvent(event),
      remote: this.#remote,
      localHost,
    });
    this.#drivers.push(driver);
    let left = count;
    const logInInTurn = async (): Promise<void> => {
      while (left-- > 0) {
        const connection = driver.connect(this.#remote, 'localhost');
        const session = new BotSession(driver, connection);
        sessions.set(connection, session);
        this.#begun += 1;
        await session.login(`Bench ${this.#begun}`);
        this.sessions.push(session);
      }
    };
    await Promise.all(Array.from({ length: loginsAtOnce }, logInInTurn));
  }
}
