import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WhisperList } from '../host/whisperLists.js';
import { expectNoViolations } from './testing/axeCheck.js';
import { recordedVoice, TestScene } from './testing/testScene.js';
import type { TestWindow } from './testing/testWindow.js';

let scene: TestScene;
let ada: TestWindow;
let ben: TestWindow;
let cleo: TestWindow;
let page: Page;

beforeAll(async () => {
  scene = await TestScene.open();
  ada = await scene.enter('Ada', recordedVoice);
  ada.host.engine.sound.setMode('pushToTalk');
  // Only now, as what she said until she was quiet would be heard.
  [ben, cleo] = await Promise.all([scene.enter('Ben'), scene.enter('Cleo')]);
  page = await ada.newPage();
  await page.getByRole('tree').waitFor();
});
afterAll(() => scene.close());

/** Waits as long as a busy machine may take. */
const until = <Value>(read: () => Value) => expect.poll(read, { timeout: 20_000 });

/** Whom somebody heard so far, and how. */
const heardBy = ({ host }: TestWindow) =>
  [...host.engine.state.audio.speakers.values()].map(({ isWhispering }) => isWhispering);

const keptLists = async (): Promise<WhisperList[]> => {
  const text = await readFile(scene.scratch.in('Ada', 'client.json'), 'utf8');
  return (JSON.parse(text) as { value: { whisperLists: WhisperList[] } }).value.whisperLists;
};

async function openLists(): Promise<void> {
  await page.keyboard.press('Control+,');
  await page.getByRole('button', { name: 'Whisper lists' }).click();
  await page.getByRole('heading', { name: 'Whisper lists' }).waitFor();
}

async function closeSettings(): Promise<void> {
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

test('makes a whisper list, binds a key to it, and shows what else the key does', async () => {
  await openLists();
  await page.getByRole('button', { name: 'New list' }).click();
  const dialog = page.getByRole('dialog', { name: 'New whisper list' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Give the list a name.').waitFor();
  await dialog.getByLabel('Name', { exact: true }).fill('Officers');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('a list for nobody').waitFor();
  await dialog.getByRole('combobox', { name: 'Add somebody' }).fill('be');
  await page.getByRole('option', { name: 'Ben' }).waitFor();
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Take Ben out' }).waitFor();
  await expectNoViolations(page);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });

  const key = page.getByRole('button', { name: 'Whisper to “Officers”' });
  await key.click();
  await page.keyboard.press('Backquote');
  await page.getByText('The same key does this, too: Hold to talk').waitFor();
  await expectNoViolations(page);
  await key.click();
  await page.keyboard.press('F9');
  await page.getByText('The same key').waitFor({ state: 'detached' });
  await until(keptLists).toMatchObject([
    { name: 'Officers', key: 'F9', people: [{ name: 'Ben' }] },
  ]);
  await closeSettings();
});

test('whispers to the list while its key is held, and to nobody else', async () => {
  await page.getByRole('treeitem').first().focus();
  await page.keyboard.down('F9');
  await page.getByText('You whisper to Officers').waitFor();
  await until(() => heardBy(ben)).toEqual([true]);
  await page.keyboard.up('F9');
  await page.getByText('You whisper to Officers').waitFor({ state: 'detached' });
  expect(heardBy(cleo)).toEqual([]);
});

test('takes a room into a list, and says where a list cannot be heard', async () => {
  await openLists();
  await page.getByRole('button', { name: 'Edit “Officers”' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit “Officers”' });
  await dialog.getByRole('button', { name: 'Take Ben out' }).click();
  await dialog.getByRole('button', { name: 'Add a room' }).click();
  await dialog.getByRole('option', { name: 'Lobby' }).click();
  await dialog.getByRole('button', { name: 'Add this room' }).click();
  await dialog.getByLabel('Rooms below them, too').check();
  await dialog.getByLabel('Name', { exact: true }).fill('Everybody');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('one room and all below it').waitFor();
  await until(keptLists).toMatchObject([{ name: 'Everybody', people: [], withChildren: true }]);
  await closeSettings();
  await page.keyboard.down('F9');
  await until(() => heardBy(cleo)).toEqual([true]);
  await page.keyboard.up('F9');

  const elsewhere = (await keptLists()).map((list) => ({ ...list, fingerprint: 'AA:BB' }));
  await ada.host.changeSettings({ whisperLists: elsewhere });
  await page.keyboard.down('F9');
  await page.getByText('Your whisper to Everybody cannot be heard').waitFor();
  await page.keyboard.up('F9');
});

test('deletes a list, and brings it back', async () => {
  await openLists();
  await page.getByText('on another server').waitFor();
  await page.getByRole('button', { name: 'Delete “Everybody”' }).click();
  await page.getByText('You have no whisper lists yet.').waitFor();
  await until(keptLists).toEqual([]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Delete “Everybody”' }).waitFor();
  expect(ada.complaints).toEqual([]);
});
