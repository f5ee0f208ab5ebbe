import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFileDevice } from '../engine/audio/device/fileDevice.js';
import { readWav } from '../engine/audio/wav.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { expectNoViolations } from './testing/axeCheck.js';
import { openTestBrowser } from './testing/testBrowser.js';
import { TestWindow } from './testing/testWindow.js';

const recordedVoice = '/usr/share/sounds/alsa/Front_Center.wav';
/** Given where a secret is wanted, and to be found nowhere. */
const secret = 'hunter2-Very-Secret';

let scratch: ScratchFolder;
let server: TestServer;
let browser: Browser;
let shown: TestWindow;
let bot: TestWindow;
let page: Page;

beforeAll(async () => {
  scratch = await ScratchFolder.make();
  [server, browser] = await Promise.all([
    TestServer.start(scratch.in('server')),
    openTestBrowser(),
  ]);
  const silent = () => openFileDevice({ inPath: null, outPath: null, repeat: 'loop' });
  const talking = () => openFileDevice({ inPath: recordedVoice, outPath: null, repeat: 'loop' });
  shown = await TestWindow.open(browser, scratch.in('Ada'), { open: silent });
  bot = await TestWindow.open(browser, scratch.in('Bot'), { open: talking });
  bot.host.engine.sound.setMode('continuous');
  const { engine } = bot.host;
  await bot.host.connect({ address: server.address, nickname: 'Bot' });
  const [lobby] = [...engine.state.view.rooms.keys()];
  await engine.joinRoom(lobby!);
  page = await shown.newPage();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await shown.connect(page, server.address, 'Ada');
  await page.getByRole('treeitem', { name: 'Lobby' }).dblclick();
  await page.getByRole('treeitem', { name: /^Bot talks/ }).waitFor();
});
afterAll(async () => {
  await bot.host.close();
  await bot.shell.close();
  await shown.close();
  await browser.close();
  await server.stop();
  await scratch.remove();
});

/** The number that an overlay's or a page's tile shows; NaN while it shows none. */
async function figure(name: string): Promise<number> {
  const tile = page.locator(`[data-figure="${name}"] .value`).first();
  return Number.parseFloat((await tile.innerText()).replace(',', ''));
}

async function expectNoViolationsInBothThemes(): Promise<void> {
  await expectNoViolations(page);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.locator('html[data-theme="light"]').waitFor();
  await expectNoViolations(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-theme="dark"]').waitFor();
}

async function openTab(name: string): Promise<void> {
  if ((await page.getByRole('tab', { name }).count()) === 0) {
    await page.getByRole('button', { name: 'Settings' }).first().click();
    await page.getByRole('button', { name: 'Developer' }).click();
  }
  await page.getByRole('tab', { name }).click();
}

async function closeSettings(): Promise<void> {
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Close', exact: true })
    .first()
    .click();
}

describe('the overlay', () => {
  test('comes and goes by F3, with figures of the engine and of who talks', async () => {
    expect(shown.host.engine.state.diagnostics).toBeNull();
    await page.keyboard.press('F3');
    const overlay = page.getByRole('complementary', { name: 'Figures' });
    await overlay.getByRole('rowheader', { name: 'Bot' }).waitFor();
    await expect.poll(() => figure('bitrateIn'), { timeout: 5_000 }).toBeGreaterThan(5);
    expect(await overlay.locator('[data-figure="path"]').innerText()).toBe('voice by UDP');
    await expectNoViolationsInBothThemes();
    await page.keyboard.press('F3');
    await overlay.waitFor({ state: 'detached' });
    await expect.poll(() => shown.host.engine.state.diagnostics).toBeNull();
  });

  test('shows what a bad network does, and that it is over', async () => {
    await page.keyboard.press('F3');
    await openTab('Bad network');
    const exactly = page.getByRole('region', { name: 'What you hear' });
    await exactly.getByRole('textbox', { name: /Loss/ }).first().fill('30');
    await page.keyboard.press('Enter');
    await expect.poll(() => shown.host.engine.state.chaos.incoming?.lossPct).toBe(30);
    await expectNoViolationsInBothThemes();
    await closeSettings();
    await page.getByRole('button', { name: 'A bad network is simulated' }).waitFor();
    await expect.poll(() => figure('loss'), { timeout: 10_000 }).toBeGreaterThan(5);
    expect((await figure('fec')) + (await figure('plc'))).toBeGreaterThan(0);
    await openTab('Bad network');
    await page.getByRole('button', { name: 'Switch it off' }).click();
    await page.getByText('The network is as it is.').waitFor();
    expect(shown.host.engine.state.chaos).toEqual({ outgoing: null, incoming: null });
    await closeSettings();
    await expect.poll(() => figure('loss'), { timeout: 10_000 }).toBeLessThan(5);
    await page.keyboard.press('F3');
  });
});

describe('the page of the settings', () => {
  test('draws the figures, says them as a table, and ends with it', async () => {
    await openTab('Figures');
    await page.getByRole('img', { name: /Ping, control: .* ms/ }).waitFor();
    await page.getByRole('button', { name: '5 min', exact: true }).click();
    await page.getByText('The same as a table').click();
    await page.getByRole('rowheader', { name: 'Ping, voice' }).waitFor();
    await expectNoViolationsInBothThemes();
    await closeSettings();
    await expect.poll(() => shown.host.engine.state.diagnostics).toBeNull();
  });

  test('shows the log by level, part and words, and gives it as a file', async () => {
    const wish = { address: server.address, nickname: 'Ada', password: secret };
    await shown.host.connect({ ...wish, accountPassword: secret });
    await openTab('Log');
    const lines = page.getByRole('list', { name: 'Log' }).getByRole('listitem');
    await lines.filter({ hasText: 'connected' }).first().waitFor();
    await page.getByLabel('Part', { exact: true }).selectOption('connection');
    await page.getByLabel('Words', { exact: true }).fill('connecting');
    await expect.poll(() => lines.allInnerTexts()).not.toHaveLength(0);
    for (const text of await lines.allInnerTexts()) expect(text).toContain('connecting');
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as a file' }).click();
    expect(await textOf(await saved)).toMatch(/info {2}connection: connecting/);
    await expectNoViolationsInBothThemes();
    await page.getByRole('button', { name: 'Copy a report' }).click();
    await page.getByRole('dialog').getByText('Copied.').waitFor();
    const report = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(report).toContain('## Rookery, a report');
    expect(report).not.toContain(secret);
  });

  test('finds the state the same at both ends, and shows it', async () => {
    await openTab('State');
    await page.getByRole('button', { name: 'Compare now' }).click();
    await page.getByText(/^All \d+ parts are the same/).waitFor();
    await page.getByLabel('Search names and values').fill('displayName');
    await page.keyboard.press('Enter');
    await page
      .getByRole('treeitem', { name: /displayName "Bot"/ })
      .first()
      .waitFor();
    await expectNoViolationsInBothThemes();
    const whole = JSON.stringify({ ...shown.host.engine.state, view: null }, plain);
    expect(whole).not.toContain(secret);
    await closeSettings();
  });

  test('writes the sound of the chosen stages to files', async () => {
    await page.getByRole('treeitem', { name: 'Lobby' }).dblclick();
    await page.getByRole('treeitem', { name: /^Bot talks/ }).waitFor();
    await openTab('Sound files');
    await page.getByLabel('Folder').fill(scratch.in('dump'));
    await page.getByLabel('Microphone, untouched').uncheck();
    await page.getByRole('button', { name: 'Start the dump' }).click();
    await page.getByText('is being written').waitFor();
    const { sound } = shown.host.engine;
    const steps = (): number => shown.host.engine.state.audio.playback.steps;
    const before = steps();
    expect(sound.figures).not.toBeNull();
    await expect.poll(steps, { timeout: 10_000 }).toBeGreaterThan(before + 100);
    await page.getByRole('button', { name: 'Stop the dump' }).click();
    await page.getByText(/s of 1 speakers/).waitFor();
    const files = (await readdir(scratch.in('dump'), { recursive: true })).sort();
    expect(files).toEqual([
      'post_dsp.wav',
      'post_opus_decode.wav',
      'speakers',
      join('speakers', 'Bot.wav'),
    ]);
    for (const name of ['post_opus_decode.wav', join('speakers', 'Bot.wav')]) {
      expect(await hasSound(join(scratch.in('dump'), name)), name).toBe(true);
    }
    expect([...shown.complaints, ...bot.complaints]).toEqual([]);
  });
});

async function textOf(download: Download): Promise<string> {
  return await readFile(await download.path(), 'utf8');
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return [...(value as ReadonlyMap<unknown, unknown>)];
  return typeof value === 'bigint' ? String(value) : value;
}

async function hasSound(path: string): Promise<boolean> {
  const { samples } = await readWav(path);
  return samples.some((sample) => Math.abs(sample) > 0.01);
}
