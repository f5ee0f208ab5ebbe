import { monitorEventLoopDelay, performance, type EventLoopUtilization } from 'node:perf_hooks';
import type { ViewCounters } from '@rookery/schemas/syncedView';
import type { SoundFigures } from './audio/live/soundFigures.js';
import type { ChaosCounters } from './audio/tools/chaos.js';
import type { ChaosDirection, VoiceChaos } from './chaosLine.js';
import type { State } from './engineState.js';
import type { VoiceCounters } from './voiceCounters.js';

/** Of the engine's main thread. */
export interface LoopFigures {
  /** How much later than it should a timer ran, since the sample before. */
  readonly delayMeanMs: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  /** Share of the time in which it did something. */
  readonly busyPct: number;
}

/** Of the whole process of the engine, its audio threads among it. */
export interface ProcessFigures {
  /** 100 for one core. */
  readonly cpuPct: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly residentBytes: number;
}

/** What the engine does and costs at one moment. Who talks how is in `state.audio`. */
export interface DiagnosticsSample {
  /** By any monotonic clock. */
  readonly atMs: number;
  /** null without a connection; 0 while not known. */
  readonly controlRoundTripMs: number | null;
  /** Since voice was opened; null while it is not. */
  readonly voice: Readonly<VoiceCounters> | null;
  /** null while there is no sound. */
  readonly sound: SoundFigures | null;
  /** null while no bad network is simulated. */
  readonly chaos: Readonly<Record<ChaosDirection, Readonly<ChaosCounters> | null>>;
  /** How often the view was not what the server said. */
  readonly view: Readonly<ViewCounters>;
  readonly loop: LoopFigures;
  readonly process: ProcessFigures;
}

/** What is looked at. */
export interface DiagnosedSession {
  readonly connection: { readonly roundTripMs: number } | null;
  readonly voiceCounters: Readonly<VoiceCounters> | null;
  readonly chaos: VoiceChaos;
  readonly views: { readonly counters: Readonly<ViewCounters> };
  update(change: Pick<State, 'diagnostics'>): void;
}

/** Between two samples: four a second show each of a network's fits, and cost next to nothing. */
const sampleEveryMs = 250;
/** As fine as delays are told apart. */
const loopResolutionMs = 10;

/**
 * Samples what the engine does, for as long as somebody watches; else it costs nothing. Nothing is
 * counted for it on the way of packets: it reads what is counted anyway. Of one thread.
 */
export class Diagnostics {
  private watchers = 0;
  private sampling: Sampling | null = null;

  constructor(
    private readonly session: DiagnosedSession,
    private readonly sound: { readonly figures: SoundFigures | null },
  ) {}

  /** From now on there are samples. @returns ends it; to be called again does nothing more */
  watch(): () => void {
    this.watchers++;
    this.sampling ??= new Sampling((process) => this.sample(process));
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.watchers--;
      if (this.watchers === 0) this.end();
    };
  }

  private end(): void {
    this.sampling?.end();
    this.sampling = null;
    this.session.update({ diagnostics: null });
  }

  private sample(measured: Pick<DiagnosticsSample, 'loop' | 'process'>): void {
    const { connection, voiceCounters, chaos, views } = this.session;
    const { outgoing, incoming } = chaos;
    const copyOf = <Counts extends object>(counts: Counts | null): Counts | null =>
      counts && { ...counts };
    const diagnostics: DiagnosticsSample = {
      atMs: performance.now(),
      controlRoundTripMs: connection?.roundTripMs ?? null,
      voice: copyOf(voiceCounters),
      sound: this.sound.figures,
      chaos: { outgoing: copyOf(outgoing.counters), incoming: copyOf(incoming.counters) },
      view: { ...views.counters },
      ...measured,
    };
    this.session.update({ diagnostics });
  }
}

/** Looks at the clock, the processor and the memory of this process until it is ended. */
class Sampling {
  private readonly delays = monitorEventLoopDelay({ resolution: loopResolutionMs });
  private readonly timer: NodeJS.Timeout;
  private utilization: EventLoopUtilization = performance.eventLoopUtilization();
  private cpu = process.cpuUsage();
  private atMs = performance.now();

  constructor(onSample: (measured: Pick<DiagnosticsSample, 'loop' | 'process'>) => void) {
    this.delays.enable();
    this.timer = setInterval(() => onSample(this.measure()), sampleEveryMs);
    this.timer.unref();
  }

  end(): void {
    clearInterval(this.timer);
    this.delays.disable();
  }

  private measure(): Pick<DiagnosticsSample, 'loop' | 'process'> {
    return { loop: this.measureLoop(), process: this.measureProcess() };
  }

  private measureLoop(): LoopFigures {
    const { delays } = this;
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.utilization);
    this.utilization = now;
    const figures = {
      delayMeanMs: delayMs(delays.mean),
      delayP99Ms: delayMs(delays.percentile(99)),
      delayMaxMs: delayMs(delays.max),
      busyPct: utilization * 100,
    };
    delays.reset();
    return figures;
  }

  private measureProcess(): ProcessFigures {
    const [nowMs, cpu] = [performance.now(), process.cpuUsage()];
    const usedUs = cpu.user + cpu.system - this.cpu.user - this.cpu.system;
    const cpuPct = (usedUs / 1_000 / (nowMs - this.atMs)) * 100;
    [this.atMs, this.cpu] = [nowMs, cpu];
    const { heapUsed, heapTotal, rss } = process.memoryUsage();
    return { cpuPct, heapUsedBytes: heapUsed, heapTotalBytes: heapTotal, residentBytes: rss };
  }
}

/** The histogram has nanoseconds, the interval of its own timer among them; NaN before any. */
function delayMs(nanoseconds: number): number {
  return Number.isNaN(nanoseconds) ? 0 : Math.max(0, nanoseconds / 1e6 - loopResolutionMs);
}
