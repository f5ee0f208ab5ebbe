import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { expectNoViolations } from './testing/axeCheck.js';
import { keepPicture } from './testing/keptPicture.js';
import { openTestBrowser } from './testing/testBrowser.js';
import { TestWindow } from './testing/testWindow.js';

let scratch: ScratchFolder;
let server: TestServer;
let browser: Browser;
let shown: TestWindow;
let profiles = 0;

beforeAll(async () => {
  scratch = await ScratchFolder.make();
  [server, browser] = await Promise.all([
    TestServer.start(scratch.in('server')),
    openTestBrowser(),
  ]);
});
beforeEach(async () => {
  shown = await TestWindow.open(browser, scratch.in(`profile ${profiles++}`));
});
afterEach(async () => {
  await shown.close();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await scratch.remove();
});

describe.each(['dark', 'light'] as const)('access in %s', (theme) => {
  test('holds on every screen', async () => {
    await shown.host.changeSettings({ theme });
    const page = await shown.newPage();
    await page.getByLabel('Address').waitFor();
    await expectNoViolations(page);
    await shown.connect(page, server.address, 'Ada');
    await page.getByRole('treeitem').first().dblclick();
    await page.getByPlaceholder('Write to Lobby').fill('Good `morning`, https://example.org');
    await page.keyboard.press('Enter');
    await page.getByRole('article').last().waitFor();
    await expectNoViolations(page);
    expect(shown.complaints).toEqual([]);
  });
});

test('shows its keys, and goes round its parts by them', async () => {
  const page = await shown.newPage();
  await shown.connect(page, server.address, 'Ada');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await expectNoViolations(page);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('treeitem').first().dblclick();
  await page.getByPlaceholder('Write to Lobby').waitFor();
  const focused = () => page.evaluate('document.activeElement.closest("[data-part]").className');
  await page.keyboard.press('F6');
  expect(await focused()).toContain('chat');
  await page.keyboard.press('Shift+F6');
  expect(await focused()).toContain('side');
});

test('keeps a picture of what is shown, by the names of test and screen', async () => {
  const page = await shown.newPage();
  await page.getByLabel('Address').waitFor();
  const path = await keepPicture(page);
  expect(basename(path)).toMatch(/keeps a picture of what is shown.* dark\.png$/);
  const { width, height } = readPngSize(await readFile(path));
  expect({ width, height }).toEqual(page.viewportSize());
});

/** PNG, third edition, 11.2.1: width and height are the first of the first chunk. */
function readPngSize(png: Buffer): { width: number; height: number } {
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

test('the check of access finds what is wrong', async () => {
  const page = await shown.newPage();
  await page.getByLabel('Address').waitFor();
  await page.evaluate('document.body.append(document.createElement("button"))');
  await expect(expectNoViolations(page)).rejects.toThrow('button-name');
});
