import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openFileDevice } from '../engine/audio/device/fileDevice.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { expectNoViolations } from './testing/axeCheck.js';
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

async function openSettings(page: Page): Promise<void> {
  await page.keyboard.press('Control+,');
  await page.getByRole('dialog', { name: 'Settings' }).waitFor();
}

async function choose(page: Page, setting: string, value: string): Promise<void> {
  await page.getByRole('combobox', { name: setting }).click();
  await page.getByRole('option', { name: value }).click();
}

describe('the settings', () => {
  test('open by keys, find a setting by its words, and show it', async () => {
    const page = await shown.newPage();
    await page.getByLabel('Address').waitFor();
    await openSettings(page);
    await page.getByLabel('Find a setting').fill('size text');
    await page.keyboard.press('Enter');
    await page.locator('[data-found] input[type=range]:focus').waitFor();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.locator('html').getAttribute('style')).toBe('font-size: 105%;');
    expect(shown.complaints).toEqual([]);
  });

  test('take every change back, by the button and by keys', async () => {
    const page = await shown.newPage();
    await page.getByLabel('Address').waitFor();
    await openSettings(page);
    await page.getByRole('button', { name: 'Appearance' }).click();
    await choose(page, 'Light or dark', 'Light');
    await page.getByText('Changed: Light or dark').waitFor();
    await choose(page, 'Rows', 'Compact');
    await page.getByText('Changed: Rows').waitFor();
    await page.locator('html[data-theme=light][data-density=compact]').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Changed: Light or dark').waitFor();
    await page.keyboard.press('Control+z');
    await page.getByText('Changes apply at once').waitFor();
    await page.locator('html[data-theme=dark][data-density=comfortable]').waitFor();
    expect(shown.complaints).toEqual([]);
  });

  test('that somebody broke are kept aside, and windows say so until it was read', async () => {
    const profile = scratch.in('broken');
    await mkdir(profile);
    await writeFile(join(profile, 'client.json'), '{ "version": 1, "value": { "theme": "pink" } }');
    await writeFile(join(profile, 'sound.json'), 'no JSON');
    const open = () => openFileDevice({ inPath: null, outPath: null });
    const broken = await TestWindow.open(browser, profile, { open });
    try {
      const [page, other] = [await broken.newPage(), await broken.newPage()];
      const told = page.getByRole('alert').filter({ hasText: 'client.json' });
      await told.filter({ hasText: 'sound.json.broken-' }).waitFor();
      await expectNoViolations(page);
      await told.getByRole('button', { name: 'Close' }).click();
      await other.getByLabel('Address').waitFor();
      await other.getByRole('alert').waitFor({ state: 'detached' });
      const files = await readdir(profile);
      expect(files.filter((name) => name.includes('.json.broken-'))).toHaveLength(2);
    } finally {
      await broken.close();
    }
  });
});
