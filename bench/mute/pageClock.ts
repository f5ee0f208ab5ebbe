import type { Page } from 'playwright-core';
import { steadyNowMs } from './voiceExit.js';

/** How a page's clock stands to the one of this process. */
export interface ClockOffset {
  /** To be taken off the page's times, milliseconds. */
  readonly ms: number;
  /** The offset may be wrong by so much. */
  readonly errorMsMax: number;
}

/** One question to a page, times of this process around it. */
export interface ClockReading {
  readonly askedMs: number;
  readonly pageMs: number;
  readonly answeredMs: number;
}

const readings = 40;

/** Asks the page for its time again and again. */
export async function readPageClock(page: Page): Promise<ClockOffset> {
  const all: ClockReading[] = [];
  for (let i = 0; i < readings; i++) {
    const askedMs = steadyNowMs();
    const pageMs = await page.evaluate<number>('performance.timeOrigin + performance.now()');
    all.push({ askedMs, pageMs, answeredMs: steadyNowMs() });
  }
  return clockOffset(all);
}

/**
 * The page read its clock at some moment between question and answer: the quickest answer leaves
 * the least room (as NTP does, RFC 5905 section 8). Pure.
 */
export function clockOffset(all: readonly ClockReading[]): ClockOffset {
  const tripMs = ({ askedMs, answeredMs }: ClockReading): number => answeredMs - askedMs;
  const quickest = all.reduce((best, one) => (tripMs(one) < tripMs(best) ? one : best));
  const { askedMs, pageMs, answeredMs } = quickest;
  return { ms: pageMs - (askedMs + answeredMs) / 2, errorMsMax: tripMs(quickest) / 2 };
}
