import { soundBodies, soundWasm } from '@rookery/plugins/sound/testing/soundWasm';
import { manifestOf } from '@rookery/plugins/testing/pluginStage';
import {
  allocImport,
  buildModule,
  hostImport,
  op,
  saying,
  storeImport,
} from '@rookery/plugins/testing/wasmBuilder';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { soundManifest } from '../host/testing/soundManifest.js';
import { expectNoViolations } from './testing/axeCheck.js';
import { recordedVoice, TestScene } from './testing/testScene.js';
import type { TestWindow } from './testing/testWindow.js';

let scene: TestScene;
let ada: TestWindow;
let page: Page;
let settings: Locator;

beforeAll(async () => {
  scene = await TestScene.open();
  ada = await scene.enter('Ada', recordedVoice);
  ada.host.engine.sound.setMode('continuous');
  page = await ada.newPage();
  await page.getByRole('tree').waitFor();
  settings = page.getByRole('dialog', { name: 'Settings' });
});
afterAll(() => scene.close());

async function openPlugins(): Promise<void> {
  await page.keyboard.press('Control+,');
  await settings.getByRole('button', { name: 'Plugins', exact: true }).click();
  await settings.getByRole('heading', { name: 'Plugins' }).waitFor();
}

/** @returns the question that comes of it */
async function install(name: string, body: readonly number[]): Promise<Locator> {
  const wasm = soundWasm(body);
  return give(name, soundManifest(name, wasm), wasm);
}

async function give(name: string, manifest: string, wasm: Uint8Array): Promise<Locator> {
  const toml = Buffer.from(manifest);
  await settings.getByRole('button', { name: 'Install a plugin …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Install a plugin' });
  await dialog.getByLabel('Its two files').setInputFiles([
    { name: 'plugin.toml', mimeType: 'text/plain', buffer: toml },
    { name: 'plugin.wasm', mimeType: 'application/wasm', buffer: Buffer.from(wasm) },
  ]);
  await dialog.getByRole('button', { name: 'Install', exact: true }).click();
  return page.getByRole('dialog', { name: `Allow “${name}”?` });
}

test('a plugin is installed, allowed in plain words, and on', async () => {
  await openPlugins();
  await settings.getByText('No plugin is installed.').waitFor();
  await settings.getByRole('button', { name: 'Install a plugin …' }).click();
  const empty = page.getByRole('dialog', { name: 'Install a plugin' });
  await empty.getByRole('button', { name: 'Install', exact: true }).click();
  await empty.getByText('Choose both files of the plugin').waitFor();
  await empty.getByRole('button', { name: 'Cancel' }).click();
  const question = await install('robot', soundBodies.gain(0.5));
  await question.getByText('change your voice before it is sent').waitFor();
  await expectNoViolations(page, 'dialog');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await settings.getByText('It does nothing before you have looked').waitFor();
  await settings.getByRole('button', { name: 'What it wants …' }).click();
  await question.getByRole('button', { name: 'Allow, and switch on' }).click();
  const isOn = settings.getByRole('switch', { name: 'Switch “robot” on', checked: true });
  await isOn.waitFor();
  await expectNoViolations(page, 'dialog');
  await isOn.click();
  await settings.getByRole('switch', { name: 'Switch “robot” on', checked: false }).waitFor();
});

test('another module of its name asks again; where it spins, the window says so', async () => {
  const question = await install('robot', soundBodies.spin);
  await question.getByRole('button', { name: 'Allow, and switch on' }).click();
  await settings.getByText(/Switched off by itself: it (was too slow|did not come back)/).waitFor();
  await settings.getByRole('button', { name: 'What “robot” did' }).click();
  const report = page.getByRole('dialog', { name: 'What “robot” did' });
  await report.getByText(/switched off by itself/).waitFor();
  await page.keyboard.press('Escape');
  await report.waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await settings.waitFor({ state: 'detached' });
  const notice = page.getByRole('alert').filter({ hasText: 'The plugin “robot” was switched off' });
  await notice.waitFor();
  await expectNoViolations(page);
  await notice.getByRole('button', { name: 'Close' }).click();
  await notice.waitFor({ state: 'detached' });
  expect(ada.host.engine.state.audio.isTransmitting).toBe(true);
  await openPlugins();
  await settings.getByRole('button', { name: 'Remove “robot”' }).click();
  const removal = page.getByRole('dialog', { name: 'Remove “robot”' });
  await removal.getByRole('button', { name: 'Remove', exact: true }).click();
  await settings.getByText('No plugin is installed.').waitFor();
  expect(ada.complaints).toEqual([]);
});

test('a plugin shows a panel of plain data, which is never markup, while it is on', async () => {
  const panel = {
    title: 'Counter <b>',
    rows: [
      { kind: 'label', text: '<img src=x onerror=alert(1)>' },
      { kind: 'value', label: 'So far', value: '7' },
      { kind: 'button', id: 'again', label: 'Again' },
    ],
  };
  const wasm = buildModule({
    imports: [allocImport, storeImport, hostImport('setPanel')],
    body: [saying(2, JSON.stringify(panel)), op.drop],
  });
  const lines = ['kind = "client"', 'permissions = ["panel"]'];
  const question = await give('counter', manifestOf(wasm, { name: 'counter', lines }), wasm);
  await question.getByText('show a panel in this window').waitFor();
  await question.getByRole('button', { name: 'Allow, and switch on' }).click();
  await settings.getByRole('switch', { name: 'Switch “counter” on', checked: true }).waitFor();
  await page.keyboard.press('Escape');
  const shown = page.getByRole('region', { name: 'Counter <b>' });
  await shown.getByText('<img src=x onerror=alert(1)>').waitFor();
  await shown.getByRole('button', { name: 'Again' }).click();
  await expectNoViolations(page);
  await openPlugins();
  await settings.getByRole('button', { name: 'What “counter” did' }).click();
  const report = page.getByRole('dialog', { name: 'What “counter” did' });
  // Its start, and the button.
  const told = report.locator('dl > div').filter({ hasText: 'Events it was told of' });
  await told.getByText('2', { exact: true }).waitFor();
  await expectNoViolations(page, 'dialog');
  await page.keyboard.press('Escape');
  await report.waitFor({ state: 'detached' });
  await settings.getByRole('switch', { name: 'Switch “counter” on' }).click();
  await shown.waitFor({ state: 'detached' });
  expect(ada.complaints).toEqual([]);
});
