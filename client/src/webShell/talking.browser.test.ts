import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFileDevice } from '../engine/audio/device/fileDevice.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { openTestBrowser } from './testing/testBrowser.js';
import { TestWindow } from './testing/testWindow.js';

const recordedVoice = '/usr/share/sounds/alsa/Front_Center.wav';

let scratch: ScratchFolder;
let server: TestServer;
let browser: Browser;
const windows: TestWindow[] = [];

beforeAll(async () => {
  scratch = await ScratchFolder.make();
  [server, browser] = await Promise.all([
    TestServer.start(scratch.in('server')),
    openTestBrowser(),
  ]);
});
afterAll(async () => {
  await Promise.all(windows.map((shown) => shown.close()));
  await browser.close();
  await server.stop();
  await scratch.remove();
});

async function enter(name: string, inPath: string | null) {
  const open = () => openFileDevice({ inPath, outPath: null, repeat: 'loop' });
  const shown = await TestWindow.open(browser, scratch.in(name), { open });
  windows.push(shown);
  const page = await shown.newPage();
  await shown.connect(page, server.address, name);
  await page.getByRole('treeitem', { name: 'Lobby' }).dblclick();
  await page.getByRole('button', { name: 'Leave the room' }).waitFor();
  return { shown, page };
}

describe('talking in the window', () => {
  test('shows who talks to both, until the speaker mutes', async () => {
    const speaker = await enter('Ada', recordedVoice);
    const listener = await enter('Ben', null);
    await speaker.page.getByRole('button', { name: 'Settings' }).click();
    await speaker.page.getByRole('combobox', { name: 'You are heard' }).click();
    await speaker.page.getByRole('option', { name: 'Always' }).click();
    await speaker.page.getByRole('button', { name: 'Close', exact: true }).click();
    await speaker.page.getByText('You are heard').waitFor();
    const row = listener.page.getByRole('treeitem', { name: /^Ada talks/ });
    await row.waitFor();
    await speaker.page.getByRole('button', { name: 'Mute' }).click();
    await listener.page.getByRole('treeitem', { name: /^Ada has muted/ }).waitFor();
    await row.waitFor({ state: 'detached' });
    expect([...speaker.shown.complaints, ...listener.shown.complaints]).toEqual([]);
  });

  test('talks while the key is held, and not longer', async () => {
    const { page, shown } = await enter('Cleo', recordedVoice);
    shown.host.engine.sound.setMode('pushToTalk');
    await expect.poll(() => shown.host.engine.state.audio.isTransmitting).toBe(false);
    await page.getByRole('treeitem').first().focus();
    await page.keyboard.down('Backquote');
    await page.getByText('You are heard').waitFor();
    await page.keyboard.up('Backquote');
    await page.getByText('You are heard').waitFor({ state: 'detached' });
  });

  test('goes on without sound, and says why, where there is no device', async () => {
    const open = () => openFileDevice({ inPath: scratch.in('missing.wav'), outPath: null });
    const shown = await TestWindow.open(browser, scratch.in('Dora'), { open });
    windows.push(shown);
    const page = await shown.newPage();
    await shown.connect(page, server.address, 'Dora');
    await page.getByText('missing.wav').waitFor();
    await page.getByRole('treeitem', { name: 'Lobby' }).dblclick();
    await page.getByPlaceholder('Write to Lobby').fill('text goes on');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('article').last().innerText()).toContain('text goes on');
  });
});
