import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Of the built client, so that it is not committed and goes with what it shows. */
const folder = fileURLToPath(new URL('../../../pictures/', import.meta.url));

/** The dialog that is open, else the page; with the theme. */
const nameOfScreen = `
  [document.querySelector('dialog[open] h2, [role=dialog] h2')?.textContent ?? document.title,
   document.documentElement.dataset.theme].join(' ')`;

/**
 * Keeps a picture of what a test shows, for people to look at: `client/dist/pictures`, by the names
 * of test and screen. The next run replaces it.
 *
 * @returns its path
 */
export async function keepPicture(page: Page): Promise<string> {
  const screen = await page.evaluate<string>(nameOfScreen);
  const { currentTestName = 'no test' } = expect.getState();
  const name = `${currentTestName} - ${screen}`.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();
  const path = join(folder, `${name.slice(0, 120)}.png`);
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path });
  return path;
}
