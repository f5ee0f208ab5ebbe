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

test('a key is bound by pressing it, shows what else it does, and acts in the window', async () => {
  const page = await shown.newPage();
  await shown.connect(page, server.address, 'Ada');
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Keys', exact: true }).click();
  await page.getByText('work while this window has the keyboard').waitFor();

  const mute = page.getByRole('button', { name: 'Mute or unmute yourself' });
  const talk = page.getByRole('button', { name: 'Hold to talk' });
  await mute.click();
  await page.keyboard.press('Escape');
  await mute.getByText('No key').waitFor();
  await mute.click();
  await page.keyboard.press('Backquote');
  await page.getByText('does this, too: Hold to talk').waitFor();
  await mute.click();
  await page.keyboard.press('Control+Shift+KeyM');
  await mute.getByText('Ctrl + Shift + M').waitFor();
  await page.getByRole('button', { name: 'Take the key away' }).first().click();
  await talk.getByText('No key').waitFor();
  await expectNoViolations(page);

  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('tree').waitFor();
  await page.getByRole('treeitem').first().focus();
  await page.keyboard.press('Control+Shift+KeyM');
  await page.getByRole('button', { name: 'Mute', pressed: true }).waitFor();
  await page.keyboard.press('Control+Shift+KeyM');
  await page.getByRole('button', { name: 'Mute', pressed: false }).waitFor();

  const field = page.getByPlaceholder('Write to Lobby');
  const { host } = shown;
  await page.getByRole('treeitem').first().click();
  await field.click();
  await page.keyboard.press('Control+Shift+KeyM');
  await page.getByRole('button', { name: 'Mute', pressed: true }).waitFor();
  await host.changeSettings({
    keyBindings: [
      { action: 'toggleMute', key: 'F9' },
      { action: 'toggleDeafen', key: 'KeyJ' },
    ],
  });
  // What a key does is told to the window a moment later.
  const bound = `document.querySelector('#app').__vue_app__
    .config.globalProperties.$pinia._s.get('client')
    .state.settings.keyBindings.some(({ key }) => key === 'F9')`;
  await expect.poll(() => page.evaluate(bound)).toBe(true);
  await page.keyboard.press('j');
  await expect.poll(() => field.inputValue()).toBe('j');
  await page.keyboard.press('F9');
  await page.getByRole('button', { name: 'Mute', pressed: false }).waitFor();
  expect(host.engine.state.audio.isDeafened).toBe(false);
  await page.getByRole('treeitem').first().focus();
  await page.keyboard.press('j');
  await expect.poll(() => host.engine.state.audio.isDeafened).toBe(true);
  expect(shown.complaints).toEqual([]);
});
