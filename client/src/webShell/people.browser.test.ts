import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { expectNoViolations } from './testing/axeCheck.js';
import { openTestBrowser } from './testing/testBrowser.js';
import { TestWindow } from './testing/testWindow.js';

let scratch: ScratchFolder;
let server: TestServer;
let browser: Browser;
let shown: TestWindow;

beforeAll(async () => {
  scratch = await ScratchFolder.make();
  [server, browser] = await Promise.all([
    TestServer.start(scratch.in('server')),
    openTestBrowser(),
  ]);
  shown = await TestWindow.open(browser, scratch.in('profile'));
});
afterAll(async () => {
  await shown.close();
  await browser.close();
  await server.stop();
  await scratch.remove();
});

test('opens the menu of a room by mouse and by keyboard, and joins from it', async () => {
  const page = await shown.newPage();
  await shown.connect(page, server.address, 'Ada');
  const lobby = page.getByRole('treeitem', { name: 'Lobby' });
  await lobby.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Join', exact: true }).waitFor();
  await expectNoViolations(page);
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await lobby.focus();
  await page.keyboard.press('Shift+F10');
  await page.locator('[role=menuitem]:focus', { hasText: 'Join' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Leave the room' }).waitFor();
  expect(shown.complaints).toEqual([]);
});
