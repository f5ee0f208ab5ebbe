import { fileURLToPath } from 'node:url';
import { rootRoomId } from '@rookery/schemas/protocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { expectNoViolations } from './testing/axeCheck.js';
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

  test('leaves what is read where it is when earlier messages come late', async () => {
    const { page, history } = await open();
    const answer = history.keepBack();
    await page.getByRole('log').hover();
    // To the very top of the rows that are known so far.
    const oldest = page.locator('[data-message]', { hasText: `${count - 50}: ` });
    const scrollTop = `document.querySelector('[role=log]').scrollTop`;
    const toTop = async (): Promise<unknown> => {
      await page.mouse.wheel(0, -3_000);
      return [await oldest.count(), await page.evaluate<number>(scrollTop)];
    };
    await expect.poll(toTop).toEqual([1, 0]);
    const textPx = async (): Promise<number> =>
      Math.round((await oldest.locator('.text').boundingBox())!.y);
    const before = await textPx();
    const record = await recordScrolling(page);
    answer();
    await shown(page, `${count - 56}: `).waitFor({ state: 'attached' });
    expect(await textPx()).toBe(before);
    expect(await record()).toMatchObject({ shifts: 0, shiftPxMax: 0 });
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

  test('names who is meant, and finds and pins what was written', async () => {
    const jean = await enter('Jean-Luc');
    const { shown, page } = await enter('Ada');
    const field = page.getByPlaceholder('Write to Lobby');
    await field.pressSequentially('of @');
    const names = page.getByRole('listbox', { name: 'Names to choose from' });
    await names.getByRole('option').nth(1).waitFor();
    await page.keyboard.press('ArrowDown');
    const second = names.getByRole('option').nth(1);
    await expect.poll(() => second.getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('ArrowUp');
    await field.pressSequentially('je');
    await names.getByRole('option', { name: 'Jean-Luc', selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => field.inputValue()).toBe('of @Jean-Luc ');
    await field.pressSequentially('the needle');
    await page.keyboard.press('Enter');
    const lastIn = (at: Page) => at.getByRole('log').getByRole('article').last();
    const mentionIn = (at: Page) => lastIn(at).locator('.mention', { hasText: /^@Jean-Luc$/ });
    await mentionIn(page).waitFor();
    expect(await mentionIn(page).getAttribute('class')).toBe('mention');
    await mentionIn(jean.page).and(jean.page.locator('.own')).waitFor();

    const author = lastIn(jean.page).getByRole('button', { name: 'Ada' });
    await author.click({ button: 'right' });
    await jean.page.getByRole('menuitem', { name: 'Call' }).waitFor();
    await jean.page.keyboard.press('Escape');
    await author.click();
    await jean.page.getByRole('dialog').getByText('Ada').first().waitFor();

    await lastIn(page).hover();
    await lastIn(page).getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Pin' }).click();
    await page.getByRole('button', { name: 'Pinned messages' }).click();
    const pins = page.getByRole('complementary', { name: 'Pinned messages' });
    await pins.getByText('of @Jean-Luc the needle').waitFor();
    await expectNoViolations(page);
    await page.keyboard.press('Control+f');
    const search = page.getByRole('complementary', { name: 'Search in Lobby' });
    await search.getByRole('searchbox').fill('NEEDLE');
    await page.keyboard.press('Enter');
    await search.getByText('of @Jean-Luc the').waitFor();
    await search.locator('mark', { hasText: 'needle' }).click();
    await page.locator('article.marked').waitFor();
    await expectNoViolations(page);
    expect([...shown.complaints, ...jean.shown.complaints]).toEqual([]);
  });

  test('stays where one reads, counts what comes meanwhile, and leads there', async () => {
    const { shown: bob } = await enter('Bob');
    const write = (text: string) => bob.host.engine.sendMessage(rootRoomId, text);
    for (let i = 1; i <= 12; i += 1) await write(`long ${i}${'\nand on'.repeat(12)}`);
    const { shown, page } = await enter('Ada');
    const log = page.getByRole('log');
    await log.getByText('long 12').waitFor();
    const unread = () => shown.host.engine.state.unread.get(rootRoomId)?.unread;
    await expect.poll(unread).toBe(0);
    await log.hover();
    await page.mouse.wheel(0, -900);
    const jump = page.getByRole('button', { name: 'Jump to the newest' });
    await jump.waitFor();
    const distance = `(() => {
      const log = document.querySelector('[role=log]');
      const { bottom } = log.getBoundingClientRect();
      const rows = [...log.querySelectorAll('[data-message]')];
      const read = rows.find((row) => row.getBoundingClientRect().bottom > bottom - 300);
      window.rookeryRead ??= read;
      return window.rookeryRead.getBoundingClientRect().top;
    })()`;
    const before = await page.evaluate<number>(distance);
    for (const word of ['one', 'two', 'three']) await write(`news ${word}`);
    await page.getByRole('button', { name: '3 new messages' }).waitFor();
    await log.getByText('news three').waitFor({ state: 'attached' });
    expect(await page.evaluate<number>(distance)).toBe(before);
    expect(unread()).toBe(3);
    const told = page.getByRole('status').filter({ hasText: /^(\d new messages|Bob wrote: news)/ });
    await told.waitFor({ state: 'attached' });
    expect(await log.getByText('news three').isVisible()).toBe(true);
    await expectNoViolations(page);
    await page.getByRole('button', { name: '3 new messages' }).click();
    await expect.poll(unread).toBe(0);
    await page.getByRole('button', { name: /new messages|Jump/ }).waitFor({ state: 'detached' });
    const isLastInView = `(() => {
      const log = document.querySelector('[role=log]').getBoundingClientRect();
      const last = [...document.querySelectorAll('[data-message]')].at(-1);
      return last.getBoundingClientRect().bottom <= log.bottom;
    })()`;
    await expect.poll(() => page.evaluate(isLastInView)).toBe(true);
    expect(shown.complaints).toEqual([]);
  });

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
