import type { Page } from 'playwright-core';

/** What a page did while somebody scrolled. */
export interface ScrollRecord {
  /** Most rows that stood in the page at once. */
  readonly rowsMax: number;
  /** Farthest that a row was drawn from where scrolling alone had put it, in pixels. */
  readonly shiftPxMax: number;
  /** How often a row was. */
  readonly shifts: number;
  /** From one frame to the next, in milliseconds. */
  readonly frameMs: readonly number[];
}

/**
 * What runs in the page. The browser itself tells of whatever it drew elsewhere than before, but
 * for what scrolling and its own anchoring explain (Layout Instability API of the W3C).
 */
const recorder = `
  window.rookeryScroll = { rowsMax: 0, shiftPxMax: 0, shifts: 0, frameMs: [] };
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries()) {
      for (const { node, previousRect, currentRect } of sources) {
        const element = node instanceof Element ? node : node?.parentElement;
        if (!element?.closest('[data-message]')) continue;
        const px = Math.abs(currentRect.y - previousRect.y);
        window.rookeryScroll.shifts += 1;
        window.rookeryScroll.shiftPxMax = Math.max(window.rookeryScroll.shiftPxMax, px);
      }
    }
  }).observe({ type: 'layout-shift' });
  let last = performance.now();
  requestAnimationFrame(function note(now) {
    const scroll = window.rookeryScroll;
    scroll.frameMs.push(now - last);
    scroll.rowsMax = Math.max(scroll.rowsMax, document.querySelectorAll('[data-message]').length);
    last = now;
    requestAnimationFrame(note);
  });
`;

/** Begins to record. @returns reads what was recorded so far */
export async function recordScrolling(page: Page): Promise<() => Promise<ScrollRecord>> {
  await page.evaluate(recorder);
  return () => page.evaluate<ScrollRecord>('window.rookeryScroll');
}
