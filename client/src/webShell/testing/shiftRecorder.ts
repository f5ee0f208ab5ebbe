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
 * for what scrolling and its own anchoring explain (Layout Instability API of the W3C). Rows that
 * begin a day or name an author no more, or do so now, end where they did and begin elsewhere:
 * were anything moved, the rows beside them would be, too.
 */
const recorder = `
  const moves = [];
  const heads = new WeakMap();
  const otherHeads = new WeakSet();
  const rows = () => document.querySelectorAll('[data-message]');
  const noteHeads = () => {
    for (const row of rows()) {
      const head = row.querySelectorAll('.separator, .message.first').length;
      if ((heads.get(row) ?? head) !== head) otherHeads.add(row);
      heads.set(row, head);
    }
  };
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries()) {
      for (const { node, previousRect, currentRect } of sources) {
        const element = node instanceof Element ? node : node?.parentElement;
        const row = element?.closest('[data-message]') ?? null;
        if (row !== null) moves.push({ row, px: Math.abs(currentRect.y - previousRect.y) });
      }
    }
  }).observe({ type: 'layout-shift' });
  noteHeads();
  let last = performance.now();
  let rowsMax = 0;
  const frameMs = [];
  requestAnimationFrame(function note(now) {
    frameMs.push(now - last);
    rowsMax = Math.max(rowsMax, rows().length);
    noteHeads();
    last = now;
    requestAnimationFrame(note);
  });
  window.rookeryScroll = () => {
    noteHeads();
    const shiftsPx = moves.filter(({ row }) => !otherHeads.has(row)).map(({ px }) => px);
    return { rowsMax, shifts: shiftsPx.length, shiftPxMax: Math.max(0, ...shiftsPx), frameMs };
  };
`;

/** Begins to record, once in a page. @returns reads what was recorded so far */
export async function recordScrolling(page: Page): Promise<() => Promise<ScrollRecord>> {
  await page.evaluate(`(() => {${recorder}})()`);
  return () => page.evaluate<ScrollRecord>('window.rookeryScroll()');
}
