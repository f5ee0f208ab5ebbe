import { randomBytes } from 'node:crypto';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import {
  idleStressResult,
  type StressResult,
  type StressTestOptions,
} from '@rookery/schemas/stressTest';
import { ClientError } from '../engine/clientError.js';
import type { BotReport, BotSetup, ToBotProcess } from './botMessages.js';
import { addHeard } from './heardScore.js';
import { RequestChild } from './requestChannel.js';
import { readServerUsage, type ServerUsage } from './serverWatch.js';
import type { SpokenSound } from './spokenSound.js';
import { capacityOf, limitReached, verdictOf } from './stressVerdict.js';

/** Bots that one process takes: more of them would be late with their frames. */
const botsPerProcess = 1_000;
/** Listeners that decode what they hear, in each process: each costs as much as a speaker. */
const scorersPerProcess = 2;
const lookMs = 1_000;
/** Nobody joined for so long: nobody will. */
const stillMs = 15_000;
/** What is said at first does not count, and what was said at last has to arrive. */
const warmUpMs = 1_000;
const arrivalMs = 1_000;

export interface BotFleetOptions {
  readonly test: StressTestOptions;
  /** Numeric. */
  readonly host: string;
  readonly port: number;
  /** null where the server's machine is another one, or its admin port is not known. */
  readonly adminPort: number | null;
  readonly sound: SpokenSound;
  readonly namePrefix: string;
  readonly password: string;
  readonly pass: string;
  /** How long all are silent before some speak. */
  readonly quietSeconds: number;
}

type BotChild = RequestChild<ToBotProcess, BotReport>;

/** What was used in a stretch of time. */
export interface UsedPct {
  /** In per cent of one core; null where the server does not tell. */
  readonly server: number | null;
  readonly bots: number;
}

/** Figures of a test beyond those that everybody is shown. */
export interface BotFleetFigures {
  readonly result: StressResult;
  /** While all were silent, and while some spoke. */
  readonly quiet: UsedPct;
  readonly speaking: UsedPct;
  readonly throttled: number;
  readonly firstFailure: string;
  /** How late a frame was sent at most. */
  readonly lagMsMax: number;
}

/** Bots in processes of their own, and what is known of them and of the server. */
export class BotFleet {
  readonly #options: BotFleetOptions;
  readonly #children: BotChild[] = [];
  readonly #onLook: (result: StressResult) => void;
  readonly #startMs = performance.now();
  /** A child is asked one thing at a time. */
  #asked: Promise<unknown> = Promise.resolve();
  #result: StressResult;
  #reports: readonly BotReport[] = [];
  #usage: ServerUsage | null = null;
  #cores = coreTimes();
  #atMs = performance.now();

  /** @param onLook is told every second how it stands */
  constructor(options: BotFleetOptions, onLook: (result: StressResult) => void) {
    const { test } = options;
    this.#options = options;
    this.#onLook = onLook;
    this.#result = { ...idleStressResult, state: 'running', options: test, wanted: test.count };
  }

  /**
   * The whole test. Whatever ends it, all bots have left when it returns.
   *
   * @param signal ends it early; what was measured by then is told
   * @throws ClientError `internal` where a process of bots fails
   */
  async run(signal: AbortSignal): Promise<BotFleetFigures> {
    try {
      await this.#start();
      const joinSeconds = await this.#untilJoined(signal);
      const isAnybodyThere = this.#result.joined > 0;
      const quietMs = isAnybodyThere ? this.#options.quietSeconds * 1_000 : 0;
      const quiet = await this.#measure(quietMs, signal);
      let speaking: UsedPct = { server: null, bots: 0 };
      if (this.#options.test.speakers > 0 && isAnybodyThere && !signal.aborted) {
        await this.#ask({ type: 'speak' });
        await this.#wait(warmUpMs, signal);
        speaking = await this.#measure(this.#options.test.seconds * 1_000, signal);
        await this.#ask({ type: 'hush' });
        await delay(arrivalMs);
      }
      await this.#look();
      return this.#figures(joinSeconds, quiet, speaking);
    } finally {
      await this.#leave();
    }
  }

  async #start(): Promise<void> {
    const { test, sound, host, port, namePrefix, password, pass } = this.#options;
    const processes = processesFor(test);
    // Rooms of a test that has just ended are there for some seconds.
    const roomPrefix = `${namePrefix} room ${randomBytes(2).toString('hex')}`;
    const entry = new URL('./botProcess.js', import.meta.url);
    const failed = (message: string): Error => new ClientError('internal', message);
    const share = (total: number, place: number): number =>
      Math.floor((total * (place + 1)) / processes) - Math.floor((total * place) / processes);
    const before = { bots: 0, rooms: 0 };
    for (let place = 0; place < processes; place++) {
      const child: BotChild = new RequestChild('process of bots', entry, failed);
      this.#children.push(child);
      const [count, rooms] = [share(test.count, place), share(test.rooms, place)];
      const setup: BotSetup = {
        ...{
          type: 'setUp',
          host,
          port,
          count,
          rooms,
          namePrefix,
          roomPrefix,
          password,
          pass,
          sound,
        },
        speakers: share(test.speakers, place),
        ramp: test.ramp / processes,
        firstNumber: before.bots + 1,
        firstRoom: before.rooms + 1,
        process: place,
        scorers: scorersPerProcess,
      };
      before.bots += count;
      before.rooms += rooms;
      await child.ask(setup);
    }
  }

  /** @returns how long it took, seconds */
  async #untilJoined(signal: AbortSignal): Promise<number> {
    const startMs = performance.now();
    let last = { settled: 0, atMs: startMs };
    while (!signal.aborted) {
      await this.#look();
      const settled = this.#result.joined + sumOf(this.#reports, 'failed');
      const nowMs = performance.now();
      if (settled >= this.#options.test.count) break;
      if (settled > last.settled) last = { settled, atMs: nowMs };
      else if (nowMs - last.atMs > stillMs) break;
      await this.#wait(lookMs, signal);
    }
    return Math.max(0.001, (performance.now() - startMs) / 1_000);
  }

  /** Looks every second for as long as this. @returns what was used meanwhile */
  async #measure(ms: number, signal: AbortSignal): Promise<UsedPct> {
    await this.#look();
    const before = { usage: this.#usage, bots: sumOf(this.#reports, 'cpuSeconds') };
    const startMs = this.#atMs;
    for (let leftMs = ms; leftMs > 0 && !signal.aborted; leftMs = ms - (this.#atMs - startMs)) {
      await this.#wait(Math.min(lookMs, leftMs), signal);
      await this.#look();
    }
    const seconds = Math.max(0.001, (this.#atMs - startMs) / 1_000);
    const bots = ((sumOf(this.#reports, 'cpuSeconds') - before.bots) / seconds) * 100;
    return { server: cpuPctBetween(before.usage, this.#usage), bots };
  }

  async #look(): Promise<void> {
    const { host, adminPort, test } = this.#options;
    const before = { reports: this.#reports, usage: this.#usage, atMs: this.#atMs };
    const earlier = this.#result;
    this.#reports = await this.#ask({ type: 'look' });
    this.#usage = adminPort === null ? null : await readServerUsage(host, adminPort);
    const cores = coreTimes();
    const busyCores = busyShareBetween(this.#cores, cores);
    this.#cores = cores;
    this.#atMs = performance.now();
    const reports = this.#reports;
    const seconds = Math.max(0.001, (this.#atMs - before.atMs) / 1_000);
    const [expected, delivered] = [sumOf(reports, 'expected'), sumOf(reports, 'delivered')];
    const lossPct = expected === 0 ? 0 : Math.max(0, 100 * (1 - delivered / expected));
    const joined = sumOf(reports, 'joined');
    const [failed, throttled] = [sumOf(reports, 'failed'), sumOf(reports, 'throttled')];
    const botsCpu = sumOf(reports, 'cpuSeconds') - sumOf(before.reports, 'cpuSeconds');
    const botsCpuPct = (botsCpu / seconds) * 100;
    const cpuPct = cpuPctBetween(before.usage, this.#usage);
    const ownCores = (botsCpuPct + (cpuPct ?? 0)) / 100 / availableParallelism();
    const signs = { failed, throttled, lossPct, busyCores, ownCores, freeBytes: freemem() };
    this.#result = {
      ...this.#result,
      options: test,
      seconds: (this.#atMs - this.#startMs) / 1_000,
      joined,
      joinsPerSecond: Math.max(0, joined - earlier.joined) / seconds,
      ...{ expected, delivered, lossPct },
      delayMs: {
        p50: worstOf(reports, 'delayP50Us') / 1_000,
        p95: worstOf(reports, 'delayP95Us') / 1_000,
        p99: worstOf(reports, 'delayP99Us') / 1_000,
      },
      cpuPct,
      rssMiB: this.#usage === null ? null : this.#usage.residentBytes / 2 ** 20,
      botsCpuPct,
      botsRssMiB: sumOf(reports, 'residentBytes') / 2 ** 20,
      heard: addHeard(reports.flatMap(({ heard }) => heard)),
      firstLimit: earlier.firstLimit ?? limitReached(signs),
    };
    this.#onLook(this.#result);
  }

  #figures(joinSeconds: number, quiet: UsedPct, speaking: UsedPct): BotFleetFigures {
    const { test } = this.#options;
    const { joined } = this.#result;
    const cpuPct = speaking.server ?? quiet.server;
    const capacity = capacityOf({
      ...{ options: test, joined, cpuPct, cores: availableParallelism(), memoryBytes: totalmem() },
      residentBytes: this.#usage?.residentBytes ?? null,
    });
    const firstFailure = this.#reports.find((report) => report.firstFailure !== '')?.firstFailure;
    const done = {
      ...this.#result,
      ...({ state: 'done', joinsPerSecond: joined / joinSeconds, cpuPct, capacity } as const),
      botsCpuPct: speaking.bots,
    };
    return {
      result: { ...done, verdict: verdictOf(done, firstFailure ?? '') },
      ...{ quiet, speaking },
      throttled: sumOf(this.#reports, 'throttled'),
      firstFailure: firstFailure ?? '',
      lagMsMax: worstOf(this.#reports, 'lagUsMax') / 1_000,
    };
  }

  /** One after the other; all children at once. */
  #ask(request: ToBotProcess): Promise<BotReport[]> {
    const asking = this.#asked
      .catch(() => undefined)
      .then(() => Promise.all(this.#children.map((child) => child.ask(request))));
    this.#asked = asking;
    return asking;
  }

  async #leave(): Promise<void> {
    // A process that failed has nobody left.
    await this.#ask({ type: 'leave' }).catch(() => undefined);
    await Promise.all(this.#children.map((child) => child.end()));
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    await delay(ms, undefined, { signal }).catch(() => undefined);
  }
}

/** Each has rooms of its own, so there are no more than rooms. */
function processesFor({ count, rooms }: StressTestOptions): number {
  const wanted = Math.ceil(count / botsPerProcess);
  return Math.max(1, Math.min(wanted, availableParallelism(), rooms));
}

type Numbers = { [Key in keyof BotReport]: BotReport[Key] extends number ? Key : never };
type NumberOf = Numbers[keyof BotReport];

function sumOf(reports: readonly BotReport[], name: NumberOf): number {
  return reports.reduce((sum, report) => sum + report[name], 0);
}

function worstOf(reports: readonly BotReport[], name: NumberOf): number {
  return Math.max(0, ...reports.map((report) => report[name]));
}

function cpuPctBetween(before: ServerUsage | null, after: ServerUsage | null): number | null {
  if (before === null || after === null || after.atMs <= before.atMs) return null;
  const seconds = (after.atMs - before.atMs) / 1_000;
  return Math.max(0, ((after.cpuSeconds - before.cpuSeconds) / seconds) * 100);
}

/** Milliseconds of all cores since the machine was started. */
function coreTimes(): { readonly idle: number; readonly all: number } {
  let [idle, all] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.idle + times.user + times.nice + times.sys + times.irq;
  }
  return { idle, all };
}

function busyShareBetween(
  before: ReturnType<typeof coreTimes>,
  after: ReturnType<typeof coreTimes>,
): number {
  const all = after.all - before.all;
  return all <= 0 ? 0 : 1 - (after.idle - before.idle) / all;
}
