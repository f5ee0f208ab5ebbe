import { writeFile } from 'node:fs/promises';
import { pluginLimits } from '@rookery/plugins/limits';
import { PluginLibrary } from '@rookery/plugins/pluginLibrary';
import { manifestOf } from '@rookery/plugins/testing/pluginStage';
import { buildModule } from '@rookery/plugins/testing/wasmBuilder';
import { rootRoomId } from '@rookery/schemas/protocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine, type Engine } from '../engine/engine.js';
import { parseServerAddress } from '../engine/serverAddress.js';
import { runRookery } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { expectNoViolations } from './testing/axeCheck.js';
import { openTestBrowser } from './testing/testBrowser.js';
import { TestConsole } from './testing/testConsole.js';
import { TestWindow } from './testing/testWindow.js';

const password = 'a password of Olga';
/** For documentation (RFC 5737): nobody is there. */
const range = '203.0.113.0/24';

let scratch: ScratchFolder;
let server: TestServer;
let browser: Browser;
let shown: TestWindow;
let opened: TestConsole;
let page: Page;

beforeAll(async () => {
  scratch = await ScratchFolder.make();
  const plugins = new PluginLibrary(`${scratch.in('server')}/plugins`, 'server', pluginLimits);
  const module = buildModule();
  await plugins.install(manifestOf(module, { lines: ['permissions = ["storage"]'] }), module, null);
  [server, browser] = await Promise.all([
    TestServer.start(scratch.in('server'), ['--everyone-is', 'member']),
    openTestBrowser(),
  ]);
  shown = await TestWindow.open(browser, scratch.in('owner'));
  await shown.host.connect({ address: server.address, nickname: 'Olga' });
  const { stdout: token } = await runRookery(['owner-token', '--data', scratch.in('server')]);
  await shown.host.engine.accounts.redeem(token.trim());
  await shown.host.engine.joinRoom(rootRoomId);
  opened = await TestConsole.open(browser, server.adminPort, { colorScheme: 'light' });
  page = opened.page;
});
afterAll(async () => {
  await opened.close();
  await shown.close();
  await browser.close();
  await server.stop();
  await scratch.remove();
});

/** Names of all rooms, as somebody sees them who is there. */
const roomNames = (): string[] =>
  [...shown.host.engine.state.view.rooms.values()].map(({ name }) => name).toSorted();

const dialog = () => page.getByRole('dialog');

async function health(): Promise<number> {
  return (await fetch(`http://127.0.0.1:${server.adminPort}/health`)).status;
}

function newcomer(name: string): Engine {
  return openEngine({
    ...{ profileFolder: scratch.in(name), clientName: 'test/1' },
    ...{ timeoutMs: 5_000, reconnectMs: 0 },
  });
}

test('who has a role and no token logs in by a password that the window sets', async () => {
  const window = await shown.newPage();
  await window.getByRole('button', { name: /menu of the server/ }).click();
  await window.getByRole('menuitem', { name: 'Password of your account' }).click();
  await window.getByLabel('New password').fill(password);
  await expectNoViolations(window);
  await window.getByRole('button', { name: 'Set it' }).click();
  await window.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByLabel('Name').fill('Olga');
  await page.getByLabel('Password').fill('another');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('alert').waitFor();
  await opened.logIn('Olga', password);
  expect(shown.complaints).toEqual([]);
});

test('rooms are made, renamed and taken away', async () => {
  await opened.go('Rooms');
  await page.getByRole('button', { name: 'New room' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Games');
  await page.getByRole('button', { name: 'Make the room' }).click();
  await dialog().waitFor({ state: 'detached' });
  await opened.choose('Games', 'New room inside');
  await page.getByLabel('Name', { exact: true }).fill('Chess');
  await page.getByRole('button', { name: 'Make the room' }).click();
  await page.getByRole('row').filter({ hasText: 'Games / Chess' }).waitFor();
  await opened.choose('Games', 'Rename');
  await page.getByLabel('Name', { exact: true }).fill('a/b');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await page.getByRole('alert').waitFor();
  await expectNoViolations(page);
  await page.getByLabel('Name', { exact: true }).fill('Plays');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await page.getByRole('row').filter({ hasText: 'Plays / Chess' }).waitFor();
  await expect.poll(roomNames).toEqual(['Chess', 'Lobby', 'Plays']);
  await opened.choose('Chess', 'Delete');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('row').filter({ hasText: 'Chess' }).waitFor({ state: 'detached' });
  await expect.poll(roomNames).toEqual(['Lobby', 'Plays']);
});

test('files are seen, and taken away for good', async () => {
  const path = scratch.in('list of birds.txt');
  await writeFile(path, 'swift, swallow, martin');
  const { engine } = shown.host;
  const { uploadId } = await engine.files.upload(rootRoomId, { path });
  await engine.sendMessage(rootRoomId, 'here', { attachmentIds: [uploadId] });
  await opened.go('Files');
  const row = page.getByRole('row').filter({ hasText: 'list of birds.txt' });
  await row.getByText('Olga').waitFor();
  await opened.choose('list of birds.txt', 'Remove');
  await expectNoViolations(page);
  await dialog().getByRole('button', { name: 'Remove' }).click();
  await page.getByText('Nobody has sent a file in a room.').waitFor();
  const gone = engine.files.download(uploadId, scratch.in('again'));
  await expect(gone).rejects.toMatchObject({ name: 'ClientError' });
});

test('an address is banned, and let in again', async () => {
  await opened.go('Bans');
  await page.getByRole('button', { name: 'Ban an address' }).click();
  await dialog().getByLabel('Address').fill('not an address');
  await dialog().getByRole('button', { name: 'Ban', exact: true }).click();
  await page.getByRole('alert').waitFor();
  await dialog().getByLabel('Address').fill(range);
  await dialog().getByLabel('Reason').fill('a flood');
  await expectNoViolations(page);
  await dialog().getByRole('button', { name: 'Ban', exact: true }).click();
  const row = page.getByRole('row').filter({ hasText: range });
  await row.getByText('a flood').waitFor();
  expect(await shown.host.engine.moderation.readBans()).toMatchObject({
    bans: [{ address: range, reason: 'a flood' }],
  });
  await opened.choose(range, 'Lift the ban');
  await row.waitFor({ state: 'detached' });
});

test('a plugin is approved, switched off, read and taken away', async () => {
  await page.getByRole('link', { name: 'Plugins' }).click();
  const row = page.getByRole('row', { name: /staged 1\.0\.0/ });
  const choose = async (item: string): Promise<void> => {
    await page.getByRole('button', { name: 'What can be done with staged' }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await row.getByText('waits for approval').waitFor();
  await choose('Approve');
  await dialog().getByText('keep a little data of its own').waitFor();
  await expectNoViolations(page);
  await dialog().getByRole('button', { name: 'Allow, and switch on' }).click();
  await row.getByText('runs', { exact: true }).waitFor();
  const told = page.locator('dl > div').filter({ hasText: 'Events it was told of' }).locator('dd');
  // Its start, of which it is told once it runs; the page reads that when it is asked to.
  const countTold = async (): Promise<string> => {
    await choose('How it does, and its log');
    return told.innerText();
  };
  await expect.poll(countTold).toBe('1');
  await page.getByText('It has logged nothing.').waitFor();
  await expectNoViolations(page);
  await choose('Switch off');
  await row.getByText('off', { exact: true }).waitFor();
  await choose('Remove');
  await dialog().getByRole('button', { name: 'Remove' }).click();
  await page.getByText('No plugins.').waitFor();
});

test('a draining server keeps who is here, and takes nobody new', async () => {
  await opened.go('Server and backups');
  await page.getByRole('button', { name: 'Turn newcomers away' }).click();
  await page.getByRole('complementary').getByText('Newcomers are turned away.').waitFor();
  expect(await health()).toBe(503);
  const address = parseServerAddress(server.address);
  const late = newcomer('late');
  await expect(late.connect({ address, displayName: 'Late' })).rejects.toThrow();
  expect(shown.host.engine.state.connection).toMatchObject({ phase: 'connected' });
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Let newcomers in again' }).click();
  await page.getByRole('button', { name: 'Turn newcomers away' }).waitFor();
  expect(await health()).toBe(200);
  await late.connect({ address, displayName: 'Late' });
  await late.close();
});

test('settings that contradict each other are refused together, and fit together', async () => {
  await opened.go('Settings');
  const field = (key: string) => page.getByLabel(key, { exact: true });
  await field('calm-room-rate').fill('200');
  await page.getByRole('button', { name: 'Save calm-room-rate' }).click();
  await page.getByRole('alert').getByText('"calm-room-rate" and "hot-room-rate"').waitFor();
  await field('hot-room-rate').fill('150');
  await page.getByRole('button', { name: 'Save 2 changes' }).click();
  await page.getByRole('alert').getByText('are 200 and 150').waitFor();
  await expectNoViolations(page);
  await field('hot-room-rate').fill('300');
  await page.getByRole('button', { name: 'Save 2 changes' }).click();
  await page.getByText('“hot-room-rate, calm-room-rate” are saved.').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test.each(['dark', 'light'] as const)('every page holds in the %s theme', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
  const names = await page.getByRole('navigation').getByRole('link').allInnerTexts();
  expect(names.length).toBeGreaterThanOrEqual(11);
  for (const name of names) {
    await opened.go(name);
    await expectNoViolations(page);
  }
  expect(opened.complaints).toEqual([]);
});
