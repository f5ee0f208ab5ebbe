import { rootRoomId } from '@rookery/schemas/protocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEngine, type Engine } from '../engine/engine.js';
import { parseInviteLink } from '../engine/inviteLink.js';
import { parseServerAddress } from '../engine/serverAddress.js';
import { runRookery } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { expectNoViolations } from './testing/axeCheck.js';
import { openTestBrowser } from './testing/testBrowser.js';
import { TestWindow } from './testing/testWindow.js';

/** A name as somebody chooses it who wants to be taken for markup. */
const hostileName = 'Bob <img src=x onerror=alert(1)>';

let scratch: ScratchFolder;
let server: TestServer;
let browser: Browser;
let shown: TestWindow;
let page: Page;
let bob: Engine;

beforeAll(async () => {
  scratch = await ScratchFolder.make();
  [server, browser] = await Promise.all([
    TestServer.start(scratch.in('server'), ['--everyone-is', 'guest']),
    openTestBrowser(),
  ]);
  shown = await TestWindow.open(browser, scratch.in('owner'));
  await shown.host.connect({ address: server.address, nickname: 'Olga' });
  bob = openTestEngine('bob');
  await bob.connect({ address: parseServerAddress(server.address), displayName: hostileName });
  page = await shown.newPage();
  await page.getByRole('tree').waitFor();
});
afterAll(async () => {
  await bob.close();
  await shown.close();
  await browser.close();
  await server.stop();
  await scratch.remove();
});

function openTestEngine(profile: string): Engine {
  return openEngine({
    ...{ profileFolder: scratch.in(profile), clientName: 'test/1' },
    ...{ timeoutMs: 5_000, reconnectMs: 0 },
  });
}

/** In the page: what says which dialog is open. */
const windowStore =
  "document.querySelector('#app').__vue_app__.config.globalProperties.$pinia._s.get('window')";

/** Opens a dialog as menus of other parts of the window do. */
async function openDialog(dialog: object): Promise<void> {
  await page.evaluate(`${windowStore}.dialog = ${JSON.stringify(dialog)}`);
}

async function chooseFromMenu(name: string): Promise<void> {
  await page.getByRole('button', { name: /menu of the server/ }).click();
  await page.getByRole('menuitem', { name }).click();
}

async function openPage(name: string): Promise<void> {
  await chooseFromMenu('Administration');
  await page.getByRole('navigation', { name: 'Administration' }).getByText(name).click();
}

async function closeDialog(): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

function roomCalled(name: string): string {
  return [...shown.host.engine.state.view.rooms.values()].find((room) => room.name === name)!
    .roomId;
}

test('offers no administration without a right to it, until the owner has come', async () => {
  await page.getByRole('button', { name: /menu of the server/ }).click();
  await page.getByRole('menuitem', { name: 'Use a code' }).waitFor();
  expect(await page.getByRole('menuitem', { name: 'Administration' }).count()).toBe(0);
  expect(await page.getByRole('menuitem', { name: 'Invite people' }).count()).toBe(0);
  await page.keyboard.press('Escape');
  const { stdout: token } = await runRookery(['owner-token', '--data', scratch.in('server')]);
  await chooseFromMenu('Use a code');
  await page.getByLabel('Invitation or token').fill(token);
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /menu of the server/ }).click();
  await page.getByRole('menuitem', { name: 'Administration' }).waitFor();
  await page.keyboard.press('Escape');
});

test('makes a room, says what is wrong with it, and edits it', async () => {
  await openDialog({ kind: 'roomEditor', parentId: rootRoomId });
  await page.getByLabel('Name', { exact: true }).fill('a/b');
  await page.getByRole('button', { name: 'Make the room' }).click();
  await page.getByText('A name cannot hold “/”.').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Games');
  await page.getByLabel('Topic').fill('Chess <b>tonight</b>');
  await page.getByLabel('Places').fill('7');
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Make the room' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const room = shown.host.engine.state.view.rooms.get(roomCalled('Games'));
  expect(room).toMatchObject({ description: 'Chess <b>tonight</b>', userLimit: 7 });

  await openDialog({ kind: 'roomEditor', roomId: roomCalled('Games') });
  await page.getByLabel('Bitrate, kb/s').fill('440');
  await page.getByLabel('Frame length').selectOption('60 ms');
  await page.getByText(/A frame of 60 ms holds at most/).waitFor();
  await page.getByLabel('Bitrate, kb/s').fill('64');
  await page.getByLabel('Name', { exact: true }).fill('Lobby games');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(shown.host.engine.state.view.rooms.get(roomCalled('Lobby games'))).toMatchObject({
    ...{ bitrate: 64_000, frameMs: 60, userLimit: 7 },
  });
});

test('takes speaking away by the keyboard alone, and shows it before it is saved', async () => {
  const roomId = roomCalled('Lobby games');
  await bob.joinRoom(roomId);
  await openDialog({ kind: 'access', roomId });
  await page.getByText('This room says nothing itself yet').waitFor();
  await page.getByLabel('Try it out for').selectOption(hostileName);
  const person = 'Add an entry for somebody';
  await page.getByRole('combobox', { name: person }).focus();
  await page.keyboard.type('bob');
  await page.getByRole('listbox', { name: person }).getByRole('option').waitFor();
  await page.keyboard.press('Enter');
  const cells = page.getByRole('grid').getByRole('button');
  await cells.first().focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', '-']) await page.keyboard.press(key);
  await page.getByRole('button', { name: `Speak, ${hostileName}: denied` }).waitFor();
  const result = page.locator('#result-speak');
  await expect.poll(() => result.innerText()).toContain('Entry 1 of “Lobby games”');
  await page.getByText('They are not saved yet').waitFor();
  expect(bob.state.permissions.here).toContain('speak');
  await expectNoViolations(page);

  await page.keyboard.press('Escape');
  await page.getByText('Your changes are not saved.').waitFor();
  await page.getByRole('button', { name: 'Go on editing' }).press('Enter');
  await page.getByRole('button', { name: 'Save' }).press('Enter');
  await expect.poll(() => bob.state.permissions.here).not.toContain('speak');
  const { userId } = bob.state.connection as { readonly userId: string };
  const told = await shown.host.engine.access.explain(userId, 'speak', roomId);
  expect(told.allowed).toBe(false);
  await page.getByText('This is how it is').waitFor();
  await closeDialog();
});

test('a dialog that is opened again in the moment in which it closes is there', async () => {
  const dialog = { kind: 'roomEditor', parentId: rootRoomId };
  await openDialog(dialog);
  await page.getByLabel('Name', { exact: true }).waitFor();
  await page.evaluate(`(async () => {
    const first = document.querySelector('dialog');
    const closed = new Promise((done) => first.addEventListener('close', done));
    const escape = { key: 'Escape', bubbles: true, cancelable: true };
    first.dispatchEvent(new KeyboardEvent('keydown', escape));
    await Promise.resolve();
    ${windowStore}.dialog = ${JSON.stringify(dialog)};
    await closed;
  })()`);
  await page.getByLabel('Name', { exact: true }).fill('Music');
  await closeDialog();
});

test('a dialog gives the keyboard back to where it was', async () => {
  const menu = page.getByRole('button', { name: /menu of the server/ });
  await menu.focus();
  await openDialog({ kind: 'roomEditor', parentId: rootRoomId });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await menu.and(page.locator(':focus')).waitFor();
});

test('notices that somebody else has saved other rules meanwhile', async () => {
  const roomId = roomCalled('Lobby games');
  const { access } = shown.host.engine;
  await openDialog({ kind: 'access', roomId });
  await page.getByLabel('Takes over what holds above').uncheck();
  const { version, entries, requiredRole } = await access.readRules(roomId);
  const theirs = { roomId, version, entries: [], inherits: true, requiredRole, password: null };
  expect(entries).toHaveLength(1);
  await access.setRules(theirs);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Somebody else has changed these rules').waitFor();
  await page.getByRole('button', { name: 'Show theirs' }).click();
  await page.getByText('This room says nothing itself yet').waitFor();
  expect(await page.getByLabel('Takes over what holds above').isChecked()).toBe(true);
  await expectNoViolations(page);
  await closeDialog();
});

test('invites somebody, bans somebody and lifts it, and the log tells of all', async () => {
  await chooseFromMenu('Invite people');
  await page.getByLabel('Note for yourself').fill('for Carol');
  await page.getByRole('button', { name: 'Make a link' }).click();
  const { code } = parseInviteLink(await page.getByLabel('Link', { exact: true }).inputValue());
  await closeDialog();
  const carol = openTestEngine('carol');
  const address = parseServerAddress(server.address);
  await carol.connect({
    address,
    displayName: 'Carol',
    inviteCode: code,
  });
  await expect.poll(() => carol.state.permissions.role).toBe('member');
  await carol.close();

  await openPage('Bans');
  await page.getByText('Nobody is banned.').waitFor();
  await page.getByRole('button', { name: 'Ban …' }).click();
  await page.getByRole('combobox', { name: 'Who' }).fill('bob');
  await page.getByRole('option', { name: /Bob/ }).click();
  await page.getByLabel('Reason').fill('<script>alert(1)</script>');
  await page.getByRole('button', { name: 'Ban', exact: true }).click();
  const bans = page.getByRole('table', { name: 'Bans' });
  await bans.getByText(hostileName).waitFor();
  await bans.getByText('<script>alert(1)</script>').waitFor();
  await expect.poll(() => bob.state.connection.phase).toBe('disconnected');
  await expectNoViolations(page);
  await bans.getByRole('checkbox', { name: 'Choose all' }).check();
  await page.getByRole('button', { name: 'Lift these bans' }).click();
  await page.getByText('Nobody is banned.').waitFor();

  await page.getByRole('button', { name: 'Audit log' }).click();
  const log = page.getByRole('table', { name: 'Audit log' });
  const words = ['Lifted a ban', 'Banned', 'Invited', 'Set rules of a room', 'Edited a room'];
  for (const done of words) await log.getByText(done, { exact: true }).first().waitFor();
  await page.getByLabel('What', { exact: true }).selectOption('Banned');
  await expect.poll(() => log.getByRole('row').count()).toBe(2);
  await expectNoViolations(page);
  await closeDialog();
});

test('shows every page with names of others as they are, and the message of the day', async () => {
  const again = openTestEngine('bob');
  const address = parseServerAddress(server.address);
  await again.connect({ address, displayName: hostileName });
  await openPage('Server');
  await page.getByLabel('Message of the day').fill('Welcome <i>home</i>');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => again.state.messageOfTheDay).toBe('Welcome <i>home</i>');
  const names = ['People', 'Groups', 'Roles', 'Invitations', 'Reports', 'Server'];
  for (const name of names) {
    await page.getByRole('navigation', { name: 'Administration' }).getByText(name).click();
    await page.getByRole('region', { name }).waitFor();
  }
  await page.getByRole('navigation', { name: 'Administration' }).getByText('People').click();
  await page.getByRole('table', { name: 'People' }).getByText(hostileName).waitFor();
  const head = page.getByRole('columnheader', { name: 'Role' });
  await head.getByRole('button').click();
  expect(await head.getAttribute('aria-sort')).toBe('ascending');
  await expectNoViolations(page);
  expect(await page.getByRole('dialog').locator('img, script').count()).toBe(0);
  await closeDialog();
  await page.getByText('Welcome <i>home</i>').waitFor();
  await again.close();
  expect(shown.complaints).toEqual([]);
});
