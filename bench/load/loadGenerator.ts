import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import {
  readKind,
  readToken,
  tokenSlot,
  tokenSlots,
  VoiceKind,
} from '@rookery/schemas/voicePacket';
import { BenchError } from '../benchError.js';
import { readProcessUsage, usageBetween } from '../processUsage.js';
import { FramePacer } from '@rookery/client/bots/framePacer';
import { FrameSource } from './frameSource.js';
import { FrameTally } from './frameTally.js';
import { nowUs } from './loadClock.js';
import type { LoadResult, LoadRun, LoadSetup } from './loadMessages.js';
import { planLoad, socketOfSession, type LoadPlan } from './loadPlan.js';
import type { LoadReceiver, LoadSockets } from './loadSockets.js';
import { openLoadSockets } from './loadSockets.js';
import { readSocketDrops } from './socketDrops.js';

/** Each run has the same phases. */
const seed = 4_641;
/** How often the sockets are emptied: the kernel stamps what waits in them. */
const receiveIntervalUs = 1_000;
/** Pings of a client as it is: often while it speaks, else to keep the mapping of a NAT. */
const pingsPerSecond = { speaker: 1, listener: 1 / 15 };
/** Pings sent before the answers are read. */
const pingsAtOnce = 64;
/** Wait between two rounds of pings. */
const bindWaitUs = 200_000;
/** A relay that was overloaded a moment ago first works off what waits in its socket. */
const bindUsMax = 15_000_000;
/** What was on its way at the end of the window has come when nothing comes for this long. */
const quietUs = 250_000;
const drainUsMax = 3_000_000;

/** What one run keeps. */
interface Run {
  readonly plan: LoadPlan;
  readonly pacer: FramePacer;
  readonly speakerPings: FramePacer;
  readonly listenerPings: FramePacer;
  readonly tally: FrameTally;
  readonly receiver: LoadReceiver;
}

/**
 * Speaks for all sessions of a target and hears for them: paced by the monotonic clock, every
 * datagram read and taken apart. It blocks its thread while it runs.
 */
export class LoadGenerator {
  readonly #setup: LoadSetup;
  readonly #sockets: LoadSockets;
  readonly #bindUs: number;
  readonly #source: FrameSource;
  readonly #random = new SeededRandom(seed);
  readonly #ports: ReadonlySet<number>;
  #nextReceiveUs = 0;

  /** @param bindUs how long sessions may wait for the answer to their pings */
  static async open(setup: LoadSetup, bindUs = bindUsMax): Promise<LoadGenerator> {
    const sockets = await openLoadSockets(setup.sockets, setup.target.port);
    return new LoadGenerator(setup, sockets, bindUs);
  }

  private constructor(setup: LoadSetup, sockets: LoadSockets, bindUs: number) {
    this.#setup = setup;
    this.#sockets = sockets;
    this.#bindUs = bindUs;
    this.#source = new FrameSource(setup.target, setup.payloadBytes, this.#random);
    this.#ports = new Set(sockets.localPorts);
  }

  get socketKind(): LoadSockets['kind'] {
    return this.#sockets.kind;
  }

  close(): Promise<void> {
    return this.#sockets.close();
  }

  /** @throws BenchError `refused` where sessions get no answer from the relay */
  async run(request: LoadRun): Promise<LoadResult> {
    await this.#bindAll();
    const run = this.#prepare(request);
    const { tally, pacer } = run;
    const { pid } = this.#setup.target;
    await this.#runUntil(run, nowUs() + request.warmUpSeconds * 1_000_000);
    pacer.clearLag();
    const dropsBefore = readSocketDrops(this.#ports);
    const own = process.cpuUsage();
    const before = readProcessUsage(pid);
    const startUs = nowUs();
    tally.openWindow();
    await this.#runUntil(run, startUs + request.seconds * 1_000_000);
    tally.closeWindow();
    const seconds = (nowUs() - startUs) / 1_000_000;
    const used = usageBetween(before, readProcessUsage(pid));
    const { user, system } = process.cpuUsage(own);
    await this.#drain(run.receiver);
    return {
      seconds,
      framesSent: tally.framesSent,
      ...tally.totals(),
      packetsDelivered: tally.packetsDelivered,
      bundlesDelivered: tally.bundlesDelivered,
      framesVerified: tally.framesVerified,
      framesFalse: tally.framesFalse,
      packetsMalformed: tally.packetsMalformed,
      generatorDrops: readSocketDrops(this.#ports) - dropsBefore,
      generatorCpuSeconds: (user + system) / 1_000_000,
      pacingLagUsMax: pacer.lagUsMax,
      delayP50Us: tally.delays.quantileUs(0.5),
      delayP95Us: tally.delays.quantileUs(0.95),
      delayP99Us: tally.delays.quantileUs(0.99),
      delayMaxUs: tally.delays.maxUs,
      silencesUs: tally.silencesUs(),
      ...used,
    };
  }

  #prepare({ speakersPerRoom, framesPerSecond }: LoadRun): Run {
    const { target, sockets, payloadBytes } = this.#setup;
    const { sessions, rooms } = target;
    const plan = planLoad(sessions, sockets, speakersPerRoom);
    const tally = new FrameTally({ sessions, rooms, plan, sockets, payloadBytes });
    const receiver: LoadReceiver = (socket, packet, length, arrivedAtUs) => {
      if (!isAnswer(packet)) tally.receive(socket, packet, length, arrivedAtUs);
    };
    return {
      plan,
      tally,
      receiver,
      pacer: this.#openPacer(plan.speakers.length, framesPerSecond),
      speakerPings: this.#openPacer(plan.speakers.length, pingsPerSecond.speaker),
      // A few speakers ping here as well, once in a while.
      listenerPings: this.#openPacer(sessions.length, pingsPerSecond.listener),
    };
  }

  #openPacer(count: number, perSecond: number): FramePacer {
    const phases = Array.from({ length: count }, () => this.#random.nextUint32() / 2 ** 32);
    return new FramePacer(phases, perSecond, nowUs());
  }

  /** Pings for every session until each was answered. */
  async #bindAll(): Promise<void> {
    const { sessions } = this.#setup.target;
    const unbound = new Set(sessions.keys());
    const sessionOfSlot = new Int32Array(tokenSlots).fill(-1);
    sessions.forEach(({ token }, session) => (sessionOfSlot[tokenSlot(token)] = session));
    const receiver: LoadReceiver = (_socket, packet) => {
      if (isAnswer(packet)) unbound.delete(sessionOfSlot[tokenSlot(readToken(packet, 0))]!);
    };
    const endUs = nowUs() + this.#bindUs;
    while (unbound.size > 0 && nowUs() < endUs) {
      let pinged = 0;
      for (const session of [...unbound]) {
        this.#ping(session);
        if (++pinged % pingsAtOnce === 0) await this.#receiveFor(receiver, receiveIntervalUs, 0);
      }
      const untilUs = nowUs() + bindWaitUs;
      while (unbound.size > 0 && nowUs() < untilUs) {
        await this.#receiveFor(receiver, receiveIntervalUs, 0);
      }
    }
    if (unbound.size === 0) return;
    const count = `${unbound.size} of ${sessions.length}`;
    throw new BenchError('refused', `The relay did not answer the pings of ${count} sessions.`);
  }

  async #runUntil(run: Run, endUs: number): Promise<void> {
    const { pacer, receiver } = run;
    for (let now = nowUs(); now < endUs; now = nowUs()) {
      for (let row = pacer.take(now); row !== -1; row = pacer.take(now)) this.#speak(run, row);
      this.#keepAlive(run, now);
      if (now >= this.#nextReceiveUs) {
        this.#sockets.receive(receiver);
        this.#nextReceiveUs = now + receiveIntervalUs;
      }
      const dueUs = Math.min(pacer.nextDueUs, this.#nextReceiveUs, endUs);
      const waiting = this.#sockets.wait(dueUs - nowUs());
      if (waiting !== undefined) await waiting;
    }
  }

  #speak({ plan, tally }: Run, row: number): void {
    const session = plan.speakers[row]!;
    const length = this.#source.writeFrame(session, this.#sockets.outgoing);
    tally.noteSent(row, this.#source.counterOf(session), nowUs());
    this.#sockets.send(socketOfSession(session, this.#setup.sockets), length);
  }

  #keepAlive({ plan, speakerPings, listenerPings }: Run, now: number): void {
    for (let row = speakerPings.take(now); row !== -1; row = speakerPings.take(now)) {
      this.#ping(plan.speakers[row]!);
    }
    for (let row = listenerPings.take(now); row !== -1; row = listenerPings.take(now)) {
      this.#ping(row);
    }
  }

  #ping(session: number): void {
    const length = this.#source.writePing(session, this.#sockets.outgoing);
    this.#sockets.send(socketOfSession(session, this.#setup.sockets), length);
  }

  async #drain(receiver: LoadReceiver): Promise<void> {
    await this.#receiveFor(receiver, drainUsMax, quietUs);
  }

  /** Receives until so much time has passed, or nothing came for `quiet` (0: however quiet). */
  async #receiveFor(receiver: LoadReceiver, forUs: number, quiet: number): Promise<void> {
    const endUs = nowUs() + forUs;
    let heardAtUs = nowUs();
    for (let now = nowUs(); now < endUs; now = nowUs()) {
      if (this.#sockets.receive(receiver) > 0) heardAtUs = now;
      else if (quiet > 0 && now - heardAtUs > quiet) return;
      const waiting = this.#sockets.wait(receiveIntervalUs);
      if (waiting !== undefined) await waiting;
    }
  }
}

/** A Pong of the relay, or a Ping that the floor has sent back. */
function isAnswer(packet: Uint8Array): boolean {
  const kind = readKind(packet, 0);
  return kind === VoiceKind.Pong || kind === VoiceKind.Ping;
}
