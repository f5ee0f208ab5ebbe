import { readFile } from 'node:fs/promises';
import type { PluginFiles } from '@rookery/plugins/buildPlugin';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildStopwatch } from '../host/testing/stopwatch.js';
import { expectNoViolations } from './testing/axeCheck.js';
import { keepPicture } from './testing/keptPicture.js';
import { TestScene } from './testing/testScene.js';
import type { TestWindow } from './testing/testWindow.js';

let scene: TestScene;
let ada: TestWindow;
let page: Page;
let settings: Locator;
let panel: Locator;
let stopwatch: PluginFiles;

beforeAll(async () => {
  scene = await TestScene.open();
  stopwatch = await buildStopwatch(scene.scratch.in('stopwatch'));
  ada = await scene.enter('Ada');
  page = await ada.newPage();
  await page.getByRole('tree').waitFor();
  settings = page.getByRole('dialog', { name: 'Settings' });
  panel = page.getByRole('region', { name: 'Stopwatch' });
});
afterAll(() => scene.close());

async function openPage(name: string): Promise<void> {
  await page.keyboard.press('Control+,');
  await settings.getByRole('button', { name, exact: true }).click();
}

async function closeSettings(): Promise<void> {
  await settings.getByRole('button', { name: 'Close', exact: true }).first().click();
  await settings.waitFor({ state: 'detached' });
}

test('what keys a plugin wants is said before it runs, and where they are bound', async () => {
  await openPage('Plugins');
  await settings.getByRole('button', { name: 'Install a plugin …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Install a plugin' });
  await dialog.getByLabel('Its two files').setInputFiles([
    {
      ...{ name: 'plugin.toml', mimeType: 'text/plain' },
      buffer: Buffer.from(stopwatch.manifestText),
    },
    {
      ...{ name: 'plugin.wasm', mimeType: 'application/wasm' },
      buffer: Buffer.from(stopwatch.module),
    },
  ]);
  await dialog.getByRole('button', { name: 'Install', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Allow “stopwatch”?' });
  await question.getByText('you bound to it yourself: “Next lap”').waitFor();
  await keepPicture(page);
  await expectNoViolations(page, 'dialog');
  await question.getByRole('button', { name: 'Allow, and switch on' }).click();
  await settings.getByText('is set on the page “Keys”').waitFor();
  await keepPicture(page);
  await closeSettings();
  await panel.getByText('It stands still.').waitFor();
});

test('a key that is bound in the window acts in the plugin, and its panel changes', async () => {
  await openPage('Keys');
  const lap = settings.getByRole('button', { name: 'Next lap' });
  await lap.click();
  await page.keyboard.press('KeyL');
  await settings.getByRole('button', { name: 'Mute or unmute yourself' }).click();
  await page.keyboard.press('KeyL');
  await settings.getByText('does this, too: Next lap (stopwatch)').waitFor();
  await lap.click();
  await page.keyboard.press('KeyK');
  await lap.getByText('K', { exact: true }).waitFor();
  await keepPicture(page);
  await expectNoViolations(page, 'dialog');
  await closeSettings();
  // A letter in a text is a letter.
  await page.getByRole('treeitem').first().click();
  const field = page.getByPlaceholder('Write to Lobby');
  await field.fill('');
  await field.press('k');
  await expect.poll(() => field.inputValue()).toBe('k');
  await panel.getByText('It stands still.').waitFor();
  await page.getByRole('treeitem').first().focus();
  await page.keyboard.press('k');
  await panel.getByText('The first lap is under way.').waitFor();
  await page.keyboard.press('k');
  await panel.getByText('The best').waitFor();
  await keepPicture(page);
  await panel.getByRole('button', { name: 'Begin anew' }).click();
  await panel.getByText('It stands still.').waitFor();
});

test('its keys are none any more once it is off, and forgotten once it is gone', async () => {
  await openPage('Plugins');
  await settings.getByRole('switch', { name: 'Switch “stopwatch” on' }).click();
  await panel.waitFor({ state: 'detached' });
  await settings.getByRole('button', { name: 'Keys', exact: true }).click();
  await settings.getByText('Mute or unmute yourself').waitFor();
  await expect.poll(() => settings.getByText('Keys of plugins').count()).toBe(0);
  const settingsFile = scene.scratch.in('Ada', 'client.json');
  expect(await readFile(settingsFile, 'utf8')).toContain('stopwatch');
  await settings.getByRole('button', { name: 'Plugins', exact: true }).click();
  await settings.getByRole('button', { name: 'Remove “stopwatch”' }).click();
  const removal = page.getByRole('dialog', { name: 'Remove “stopwatch”' });
  await removal.getByRole('button', { name: 'Remove', exact: true }).click();
  await settings.getByText('No plugin is installed.').waitFor();
  expect(await readFile(settingsFile, 'utf8')).not.toContain('stopwatch');
  expect(ada.complaints).toEqual([]);
});
