import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { serverVersion } from '../version.js';
import { countedHistogram } from './countedHistogram.js';
import { metricFamilies, type MetricFamily } from './metricFamilies.js';
import type { ServerStats } from './serverStats.js';

/** Milliseconds between two looks at how late the event loop is. */
const loopLookMs = 20;

/** Sums that the library calls counters by name, which they are not; their parts stay. */
const misnamed = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/**
 * What a Prometheus server scrapes: the figures of `/stats` under names of their own, those of the
 * process, and how late its event loop is. Nothing of Rookery is counted here: each scrape reads
 * what is counted elsewhere. It looks at the event loop from when it is made until it is closed, so
 * who is never scraped makes none. Main thread.
 */
export class ServerMetrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #registry = new Registry();
  /** Of the scrape that is answered now. */
  #stats: ServerStats | null = null;

  constructor() {
    collectDefaultMetrics({
      register: this.#registry,
      eventLoopMonitoringPrecision: loopLookMs,
    });
    for (const name of misnamed) this.#registry.removeSingleMetric(name);
    const build = new Gauge({
      name: 'rookery_build_info',
      help: 'Always 1; its labels say what runs.',
      labelNames: ['version', 'node'],
      registers: [this.#registry],
    });
    build.set({ version: serverVersion, node: process.versions.node }, 1);
    for (const family of metricFamilies) this.#add(family);
    this.#addHistograms();
  }

  /** In the text format of Prometheus, version 0.0.4. */
  text(stats: ServerStats): Promise<string> {
    this.#stats = stats;
    return this.#registry.metrics();
  }

  /** Ends what it measures of the process; it is of no use after that. */
  close(): void {
    this.#registry.clear();
  }

  #add({ name, help, type, label, read }: MetricFamily): void {
    const Metric = type === 'gauge' ? Gauge : Counter;
    const metric: Gauge | Counter = new Metric({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [this.#registry],
      collect: () => {
        metric.reset();
        const found = this.#stats === null ? {} : read(this.#stats);
        if (typeof found === 'number') metric.inc(found);
        else for (const [value, n] of Object.entries(found)) metric.inc({ [label!]: value }, n);
      },
    });
  }

  #addHistograms(): void {
    const voice = (): ServerStats['voice'] | undefined => this.#stats?.voice;
    const delay = countedHistogram({
      name: 'rookery_voice_relay_delay_seconds',
      help: 'From the receipt of a voice frame until its last receiver was sent it.',
      // Bucket b of the table holds whole microseconds below 2^b.
      read: () => (voice()?.relayDelay ?? []).map((count, b) => ({ count, upTo: 2 ** b / 1e6 })),
      hasSum: false,
    });
    const flushes = countedHistogram({
      name: 'rookery_voice_flush_frames',
      help: 'Frames that travelled together to the people of a room.',
      read: () => (voice()?.framesPerFlush ?? []).map((count, upTo) => ({ count, upTo })),
      hasSum: true,
    });
    for (const histogram of [delay, flushes]) this.#registry.registerMetric(histogram);
  }
}
