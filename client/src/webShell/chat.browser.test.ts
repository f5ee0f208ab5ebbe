import { fileURLToPath } from 'node:url';
import { rootRoomId } from '@rookery/schemas/protocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { bidiTexts, hostileNames, hostileTexts } from './testing/hostileTexts.js';
import { openTestBrowser } from './testing/testBrowser.js';
import { LongHistory, variedMessages } from './testing/longHistory.js';
import { recordScrolling } from './testing/shiftRecorder.js';
import { TestWindow } from './testing/testWindow.js';
import { openWebShell } from './webShell.js';

const pageFolder = fileURLToPath(new URL('../../renderer', import.meta.url));

let browser: Browser;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  browser = await openTestBrowser();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(async () => {
  await browser.close();
});

describe('a long history', () => {
  const count = 2_000;

  async function open(): Promise<{ page: Page; history: LongHistory }> {
    const history = new LongHistory(variedMessages(count));
    closers.push(() => history.bridge.close());
    const shell = await openWebShell({ host: history, pageFolder, port: 0 });
    closers.push(() => shell.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    closers.push(() => page.close());
    await page.goto(shell.newAddress());
    await page.getByRole('article').last().waitFor();
    return { page, history };
  }

  const shown = (page: Page, text: string | RegExp) =>
    page.getByRole('log').getByText(text, { exact: false });

  test('is scrolled far back with few rows in the page, none of which jumps', async () => {
    const { page, history } = await open();
    const record = await recordScrolling(page);
    await page.getByRole('log').hover();
    // Farther than the engine holds at once.
    const far = shown(page, `${count - 600}: `);
    for (let turns = 0; turns < 60 && (await far.count()) === 0; turns++) {
      await page.mouse.wheel(0, -3_000);
      await page.evaluate('new Promise((drawn) => requestAnimationFrame(drawn))');
    }
    await far.waitFor();
    const { rowsMax, shifts, shiftPxMax } = await record();
    expect(rowsMax).toBeLessThanOrEqual(200);
    expect({ shifts, shiftPxMax }).toEqual({ shifts: 0, shiftPxMax: 0 });
    expect(history.messagesHeldMax).toBeLessThanOrEqual(256);
  });
});

describe('the chat', () => {
  let scratch: ScratchFolder;
  let server: TestServer;
  let profiles = 0;
  beforeAll(async () => {
    scratch = await ScratchFolder.make();
    server = await TestServer.start(scratch.in('server'));
  });
  afterAll(async () => {
    await server.stop();
    await scratch.remove();
  });

  async function enter(name: string): Promise<{ shown: TestWindow; page: Page }> {
    const shown = await TestWindow.open(browser, scratch.in(`profile ${profiles++}`));
    closers.push(() => shown.close());
    const page = await shown.newPage();
    await shown.host.connect({ address: server.address, nickname: name });
    await shown.host.engine.joinRoom(rootRoomId);
    await page.getByPlaceholder('Write to Lobby').waitFor();
    return { shown, page };
  }

  test('takes nothing that anybody wrote for markup, and lets it turn nothing round', async () => {
    const { shown, page } = await enter(hostileNames[0]!);
    const { engine } = shown.host;
    const texts = [...hostileTexts, ...bidiTexts];
    await engine.createRoom(rootRoomId, hostileNames[1]!);
    await engine.editRoom(rootRoomId, { description: hostileNames[3]! });
    for (const text of texts) await engine.sendMessage(rootRoomId, text);
    const articles = page.getByRole('log').getByRole('article');
    await expect.poll(() => articles.count()).toBeGreaterThanOrEqual(texts.length);
    const dangerous = 'script, img, iframe, style, math, form, [onerror], [onclick], [style]';
    expect(await page.locator(`.text :is(${dangerous})`).count()).toBe(0);
    expect(await page.locator('[onerror], [onload], [onmouseover]').count()).toBe(0);
    for (const link of await page.locator('.text a').all()) {
      expect(await link.getAttribute('href')).toMatch(/^(https?|mailto|rookery):/);
      const { href } = new URL((await link.getAttribute('href'))!);
      expect(new URL((await link.getAttribute('title'))!).href).toBe(href);
    }
    await page.getByText('(elsewhere.example)').waitFor();
    // Each text stands alone: what is beside it keeps its place and its direction.
    const isolations = `[...document.querySelectorAll('[role=log] :is(.text, .foreign)')]
      .map((element) => getComputedStyle(element).unicodeBidi)`;
    const kinds = new Set(await page.evaluate<string[]>(isolations));
    expect([...kinds].filter((kind) => !/isolate|plaintext/.test(kind))).toEqual([]);
    expect(shown.complaints).toEqual([]);
  });
});
