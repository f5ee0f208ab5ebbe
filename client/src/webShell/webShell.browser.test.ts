import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
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

describe('the window in a browser', () => {
  test('goes to a server, joins a room, and writes there', async () => {
    const page = await shown.newPage();
    await shown.connect(page, server.address, 'Ada');
    await page.getByRole('treeitem', { name: 'Lobby' }).dblclick();
    await page.getByPlaceholder('Write to Lobby').fill('Good **morning**');
    await page.keyboard.press('Enter');
    const message = page.getByRole('log').getByRole('article').last();
    await expect.poll(() => message.innerText()).toContain('Good morning');
    expect(await message.locator('strong').innerText()).toBe('morning');
    expect(shown.complaints).toEqual([]);
  });

  test('answers, changes, reacts to and deletes what was written', async () => {
    const page = await shown.newPage();
    await shown.connect(page, server.address, 'Ada');
    await page.getByRole('treeitem').first().dblclick();
    const room = page.getByPlaceholder('Write to Lobby');
    await room.fill('first words');
    await page.keyboard.press('Enter');
    const message = page.getByRole('article').last();
    await expect.poll(() => message.innerText()).toContain('first words');
    await message.hover();
    await message.getByRole('button', { name: 'React', exact: true }).click();
    await page.getByRole('searchbox', { name: 'Find an emoji' }).fill('party');
    await page.getByRole('button', { name: 'party popper' }).click();
    await message.getByRole('button', { name: '🎉 1', pressed: true }).waitFor();
    await message.getByRole('button', { name: '🎉 1', pressed: true }).click();
    await message.getByRole('button', { name: '🎉 1' }).waitFor({ state: 'detached' });
    await room.press('ArrowUp');
    await expect.poll(() => room.inputValue()).toBe('first words');
    await room.fill('better words');
    await page.keyboard.press('Enter');
    await expect.poll(() => message.innerText()).toMatch(/better words\s+edited/);
    await message.hover();
    await message.getByRole('button', { name: 'Answer' }).click();
    await room.fill('an answer');
    await page.keyboard.press('Enter');
    await expect.poll(() => message.innerText()).toMatch(/Ada\s+better words[^]*an answer/);
    await message.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => message.innerText()).toContain('This message was deleted');
    expect(shown.complaints).toEqual([]);
  });

  test('says what to do where nobody answers', async () => {
    const page = await shown.newPage();
    await page.getByLabel('Address').fill('127.0.0.1:1');
    await page.getByLabel('Your name there').fill('Ada');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('does not answer');
  });

  test('goes by keyboard alone from a kept server into a room', async () => {
    await shown.host.addBookmark({
      label: 'Home',
      address: server.address,
      nickname: 'Ada',
      group: '',
    });
    const page = await shown.newPage();
    await page.getByRole('button', { name: /^Home/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('treeitem').first().focus();
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.getByRole('complementary').innerText())
      .toMatch(/In this room[^]*Ada\s+you/);
  });

  test('shows two windows the same, and the one that comes later all of it', async () => {
    const first = await shown.newPage();
    await shown.connect(first, server.address, 'Ada');
    const second = await shown.newPage();
    await second.getByRole('treeitem').first().dblclick();
    for (const page of [first, second]) {
      await page.getByRole('button', { name: 'Leave the room' }).waitFor();
    }
    await first.getByRole('button', { name: 'Mute' }).click();
    const pressed = second.getByRole('button', { name: 'Mute', pressed: true });
    await pressed.waitFor();
  });

  test('looks and speaks as the settings say, also after a new start', async () => {
    const page = await shown.newPage();
    await shown.connect(page, server.address, 'Ada');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Appearance', exact: true }).click();
    await page.getByRole('combobox', { name: 'Light or dark' }).click();
    await page.getByRole('option', { name: 'Light' }).click();
    await page.getByRole('combobox', { name: 'Language' }).click();
    await page.getByRole('option', { name: 'Deutsch' }).click();
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
    const later = await shown.newPage();
    await later.getByRole('button', { name: 'Einstellungen' }).waitFor();
    expect(await later.locator('html').getAttribute('data-theme')).toBe('light');
  });

  test('finds the server again when it was killed, and the room', async () => {
    const own = await TestServer.start(scratch.in('own server'));
    const page = await shown.newPage();
    await shown.connect(page, own.address, 'Ada');
    await page.getByRole('treeitem').first().dblclick();
    await page.getByRole('button', { name: 'Leave the room' }).waitFor();
    await shown.host.engine.openVoice(() => undefined);
    await own.kill();
    await page.getByText('The connection was lost').waitFor();
    const again = await TestServer.start(scratch.in('own server'), own.portOptions);
    await page.getByText('The connection was lost').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Leave the room' }).waitFor();
    await again.stop();
  });

  test('shows nothing to who does not know the address', async () => {
    const page = await shown.newPage();
    const origin = new URL(page.url()).origin;
    const stranger = await fetch(`${origin}/`);
    expect(stranger.status).toBe(403);
    const guessed = await fetch(`${origin}/?token=guessed`);
    expect(guessed.status).toBe(403);
  });
});
