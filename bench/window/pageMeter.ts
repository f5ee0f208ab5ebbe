import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { quantile } from '../statistics.js';

/** How a page did for a while. */
export interface PageRun {
  /** Of the page's main thread; 1 for all the time. */
  readonly busyShare: number;
  readonly frames: number;
  /** From one frame to the next. */
  readonly frameMsP50: number;
  readonly frameMsP99: number;
}

/** Measures one page. */
export interface PageMeter {
  /** From the first request to the tree of rooms. */
  readonly startMs: number;
  /** The load must run already. */
  run(seconds: number): Promise<PageRun>;
}

/** A load has this long to become steady. */
const settleMs = 1_000;

/** What runs in the page: notes when each frame is drawn. */
const frameRecorder = `
  window.rookeryFrames = [];
  let last = performance.now();
  requestAnimationFrame(function note(now) {
    window.rookeryFrames.push(now - last);
    last = now;
    requestAnimationFrame(note);
  });
`;

/** @param address of the page; opened once */
export async function openPageMeter(browser: Browser, address: string): Promise<PageMeter> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const beganMs = performance.now();
  await page.goto(address);
  await page.getByRole('tree').waitFor();
  const startMs = performance.now() - beganMs;
  await page.evaluate(frameRecorder);
  const readBusy = await busyReader(page);
  const run = async (seconds: number): Promise<PageRun> => {
    await delay(settleMs);
    await page.evaluate('void (window.rookeryFrames.length = 0)');
    const before = await readBusy();
    await delay(seconds * 1_000);
    const after = await readBusy();
    const frames = await page.evaluate<number[]>('window.rookeryFrames');
    return {
      busyShare: (after.busySeconds - before.busySeconds) / (after.atSeconds - before.atSeconds),
      frames: frames.length,
      frameMsP50: quantile(frames, 0.5),
      frameMsP99: quantile(frames, 0.99),
    };
  };
  return { startMs, run };
}

interface Busy {
  readonly atSeconds: number;
  /** Of all tasks of the page's main thread so far. */
  readonly busySeconds: number;
}

async function busyReader(page: Page): Promise<() => Promise<Busy>> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Performance.enable');
  return async () => {
    const { metrics } = await devTools.send('Performance.getMetrics');
    const valueOf = (name: string): number =>
      metrics.find((metric) => metric.name === name)?.value ?? NaN;
    return { atSeconds: valueOf('Timestamp'), busySeconds: valueOf('TaskDuration') };
  };
}
