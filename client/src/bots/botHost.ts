import { setTimeout as delay } from 'node:timers/promises';
import { FrameType } from '@rookery/schemas/frameType';
import type { Uuid } from '@rookery/schemas/messages';
import { applicationProtocol, rootRoomId } from '@rookery/schemas/protocol';
import { startQuicClient, type QuicDriver } from '@rookery/transport/quicDriver';
import { defaultQuicLimits } from '@rookery/transport/quicLimits';
import type { ConnectionId } from '@rookery/transport/quicTypes';
import { ClientError } from '../engine/clientError.js';
import type { BotReport, BotSetup } from './botMessages.js';
import { BotSession, createIdentity } from './botSession.js';
import { BotVoice, type VoiceBot } from './botVoice.js';

/** Bots that share a socket; from one address a server takes 256 connections. */
const botsPerSocket = 200;
/** Logins that are under way at a time, from one address; a server takes 64 handshakes. */
const loginsAtOnce = 48;
/** Addresses of loopback for one process: more than its bots need. */
const addressesPerProcess = 64;
/** Tries of a bot whom the server asks to slow down, and the wait before each. */
const triesMax = 4;
const retryMs = 1_000;
/** How long a farewell may take. */
const goodbyeMs = 300;

/** A door that many share: one socket, and those who came by it. */
interface Line {
  readonly driver: QuicDriver;
  readonly sessions: Map<ConnectionId, BotSession>;
}

/** One process of bots: logs them in, takes them into rooms, and lets some of them speak. */
export class BotHost {
  readonly #setup: BotSetup;
  readonly #isLoopback: boolean;
  readonly #lines: Promise<Line>[] = [];
  readonly #bots: VoiceBot[] = [];
  readonly #rooms: Promise<Uuid>[] = [];
  /** Of each room: how many of those are there who joined before anybody spoke. */
  readonly #present: Uint32Array;
  #voice: Promise<BotVoice> | null = null;
  #opened: BotVoice | null = null;
  #failed = 0;
  #throttled = 0;
  #firstFailure = '';
  #isLeaving = false;

  constructor(setup: BotSetup) {
    this.#setup = setup;
    this.#isLoopback = setup.host.startsWith('127.') && process.platform === 'linux';
    this.#present = new Uint32Array(setup.rooms);
  }

  /** Lets them come, one after the other. @returns when each is there, or has given up */
  async join(): Promise<void> {
    const { count, ramp } = this.#setup;
    const startMs = performance.now();
    const underWay = new Set<Promise<void>>();
    for (let index = 0; index < count && !this.#isLeaving; index++) {
      const waitMs = startMs + (index * 1_000) / ramp - performance.now();
      if (waitMs > 1) await delay(waitMs);
      while (underWay.size >= loginsAtOnce) await Promise.race(underWay);
      const bot = this.#joinOne(index).finally(() => underWay.delete(bot));
      underWay.add(bot);
    }
    await Promise.all(underWay);
  }

  /** The speakers begin, once those who decode what they hear are reached. */
  async speak(): Promise<void> {
    const voice = this.#opened;
    if (voice === null) return;
    const there = this.#bots.filter(({ session }) => !session.isLost);
    const speakers = this.#speakersAmong(there);
    const scorers = this.#scorersAmong(there, speakers);
    await voice.listen(scorers, this.#hostOf(0));
    while (scorers.some(({ isBound, session }) => !isBound && !session.isLost)) await delay(20);
    this.#present.fill(0);
    for (const { room, isBound } of there) if (isBound) this.#present[room]!++;
    voice.speak(speakers);
  }

  hush(): void {
    this.#opened?.hush();
  }

  look(): BotReport {
    const voice = this.#opened;
    const { delays } = voice?.tally ?? { delays: null };
    const { user, system } = process.cpuUsage();
    return {
      joined: this.#bots.filter(({ isBound, session }) => isBound && !session.isLost).length,
      failed: this.#failed,
      throttled: this.#throttled,
      firstFailure: this.#firstFailure,
      ...(voice?.totals() ?? { expected: 0, delivered: 0 }),
      delayP50Us: delays?.quantileUs(0.5) ?? 0,
      delayP95Us: delays?.quantileUs(0.95) ?? 0,
      delayP99Us: delays?.quantileUs(0.99) ?? 0,
      lagUsMax: voice?.lagUsMax ?? 0,
      heard: voice?.scores ?? [],
      cpuSeconds: (user + system) / 1_000_000,
      residentBytes: process.memoryUsage.rss(),
    };
  }

  /** Everybody says goodbye, and the sockets are closed. */
  async leave(): Promise<void> {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.#opened?.hush();
    const lines = await Promise.all(this.#lines);
    for (const { sessions } of lines) {
      for (const session of sessions.values()) if (session.authOk !== null) session.leave();
    }
    const endMs = performance.now() + goodbyeMs;
    const isAnybodyThere = (): boolean => lines.some(({ sessions }) => sessions.size > 0);
    while (isAnybodyThere() && performance.now() < endMs) await delay(20);
    await Promise.all(lines.map(({ driver }) => driver.close(0, '')));
    await this.#opened?.close();
  }

  async #joinOne(index: number): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#tryToJoin(index);
        return;
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        if (this.#isOver()) return;
        const isThrottled = error.code === 'serverBusy';
        if (isThrottled) this.#throttled++;
        if (!isThrottled || tries === triesMax) {
          this.#failed++;
          if (this.#firstFailure === '') this.#firstFailure = error.message;
          return;
        }
        await delay(retryMs * tries);
      }
    }
  }

  #isOver(): boolean {
    return this.#isLeaving;
  }

  async #tryToJoin(index: number): Promise<void> {
    const { namePrefix, firstNumber, password, pass, rooms, host, port } = this.#setup;
    const { driver, sessions } = await this.#lineOf(index);
    const connection = driver.connect({ host, port }, 'localhost');
    const session = new BotSession(driver, connection);
    sessions.set(connection, session);
    const name = `${namePrefix} ${firstNumber + index}`;
    await session.login(name, createIdentity(), { password, botPass: pass });
    const room = index % rooms;
    const roomId = await this.#roomFor(room, session);
    await session.command({ type: FrameType.JoinRoom, roomId });
    await session.untilRoomKey();
    const voice = await this.#voiceTo(session.authOk!.voicePort);
    this.#bots.push(voice.add(session, room));
  }

  /** Whoever comes first makes it; the others wait until it is there. */
  #roomFor(room: number, session: BotSession): Promise<Uuid> {
    const { roomPrefix, firstRoom, rooms } = this.#setup;
    const name = `${roomPrefix} ${firstRoom + room}`;
    const isAlone = rooms === 1 && firstRoom === 1;
    this.#rooms[room] ??= session
      .command({ type: FrameType.CreateRoom, parentId: rootRoomId, name, isTemporary: true })
      .then((created) => created!);
    const made = this.#rooms[room];
    return isAlone ? made.catch(() => rootRoomId) : made;
  }

  #voiceTo(port: number): Promise<BotVoice> {
    const { host } = this.#setup;
    const present = (room: number): number => this.#present[room]!;
    this.#voice ??= BotVoice.open(this.#setup.sound, { host, port }, this.#hostOf(0), present).then(
      (voice) => (this.#opened = voice),
    );
    return this.#voice;
  }

  #lineOf(index: number): Promise<Line> {
    const place = Math.floor(index / botsPerSocket);
    this.#lines[place] ??= this.#openLine(this.#hostOf(place));
    return this.#lines[place];
  }

  async #openLine(localHost: string): Promise<Line> {
    const { host, port } = this.#setup;
    const sessions = new Map<ConnectionId, BotSession>();
    const driver = await startQuicClient({
      alpn: applicationProtocol,
      limits: defaultQuicLimits,
      remote: { host, port },
      localHost,
      onEvent: (event) => {
        const session = sessions.get(event.connection);
        session?.handleEvent(event);
        if (event.type !== 'closed') return;
        sessions.delete(event.connection);
        if (session !== undefined && !this.#isLeaving) this.#noteLost(session);
      },
    });
    return { driver, sessions };
  }

  #noteLost(session: BotSession): void {
    const bot = this.#bots.find((one) => one.session === session);
    if (bot === undefined) return;
    this.#failed++;
    if (this.#firstFailure === '') this.#firstFailure = 'The server closed the session of a bot.';
    if (bot.isBound && this.#present[bot.room]! > 0) this.#present[bot.room]!--;
  }

  /** On Linux all of 127.0.0.0/8 is there, so that bots come from as many addresses as people. */
  #hostOf(place: number): string {
    const { process: ofProcess, host } = this.#setup;
    if (!this.#isLoopback) return host.includes(':') ? '::' : '0.0.0.0';
    const number = ofProcess * addressesPerProcess + place;
    return `127.1.${number >>> 8}.${number & 255}`;
  }

  /** As evenly over the rooms as it goes: the first of each, then the second … */
  #speakersAmong(bots: readonly VoiceBot[]): VoiceBot[] {
    const { rooms, speakers } = this.#setup;
    const byRoom = Array.from({ length: rooms }, (_room, room) =>
      bots.filter((bot) => bot.room === room),
    );
    const chosen: VoiceBot[] = [];
    const most = Math.max(...byRoom.map(({ length }) => length));
    for (let place = 0; place < most; place++) {
      for (const members of byRoom) {
        const bot = members[place];
        if (bot !== undefined && chosen.length < speakers) chosen.push(bot);
      }
    }
    return chosen;
  }

  /** One in each of some rooms in which somebody speaks. */
  #scorersAmong(bots: readonly VoiceBot[], speakers: readonly VoiceBot[]): VoiceBot[] {
    const rooms = [...new Set(speakers.map(({ room }) => room))].slice(0, this.#setup.scorers);
    const silent = bots.filter((bot) => !speakers.includes(bot));
    return rooms.flatMap((room) => silent.find((bot) => bot.room === room) ?? []);
  }
}
