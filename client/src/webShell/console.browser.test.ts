import { writeFile } from 'node:fs/promises';
import { rootRoomId } from '@rookery/schemas/protocol';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wavFile } from '../engine/audio/testing/wavFile.js';
import { openEngine, type Engine } from '../engine/engine.js';
import { parseServerAddress } from '../engine/serverAddress.js';
import { RookeryProcess, runRookery } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { expectNoViolations } from './testing/axeCheck.js';
import { openTestBrowser } from './testing/testBrowser.js';
import { TestConsole } from './testing/testConsole.js';

const password = 'a password of Olga';
let scratch: ScratchFolder;
let server: TestServer;
let browser: Browser;
/** All that were opened. */
const consoles: TestConsole[] = [];
let opened: TestConsole;
let page: Page;
let wren: Engine;
/** Who speaks. */
let speaker: RookeryProcess;

beforeAll(async () => {
  scratch = await ScratchFolder.make();
  [server, browser] = await Promise.all([startServer(), openTestBrowser()]);
  const tone = Float32Array.from({ length: 48_000 }, (_, i) => 0.3 * Math.sin(i / 20));
  await writeFile(scratch.in('tone.wav'), wavFile(tone));
  wren = await enter('Wren');
  // Whoever hears nothing is sent nothing.
  await wren.openVoice(() => undefined);
  opened = await openConsole('dark');
  page = opened.page;
});
afterAll(async () => {
  await wren.close();
  await browser.close();
  await speaker.stop();
  await server.stop();
  await scratch.remove();
});

function startServer(): Promise<TestServer> {
  return TestServer.start(scratch.in('server'), ['--everyone-is', 'member']);
}

async function enter(displayName: string): Promise<Engine> {
  const engine = openEngine({
    ...{ profileFolder: scratch.in(displayName), clientName: 'test/1' },
    ...{ timeoutMs: 5_000, reconnectMs: 0 },
  });
  await engine.connect({ address: parseServerAddress(server.address), displayName });
  await engine.joinRoom(rootRoomId);
  return engine;
}

/** Speaks until somebody ends it. */
function speak(name: string): RookeryProcess {
  return new RookeryProcess([
    ...['say', '--server', server.address, '--name', name, '--profile', scratch.in(name)],
    ...['--wav', scratch.in('tone.wav'), '--loop', '--json'],
  ]);
}

async function openConsole(colorScheme: 'dark' | 'light'): Promise<TestConsole> {
  const console = await TestConsole.open(browser, server.adminPort, { colorScheme });
  consoles.push(console);
  return console;
}

async function figure(id: string): Promise<number> {
  return Number((await page.locator(`[data-figure=${id}] .value`).innerText()).replace(',', ''));
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${server.adminPort}/metrics`)).text();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)![1]);
}

test('the owner comes in by the token that the server printed', async () => {
  const { stdout } = await runRookery(['owner-token', '--data', scratch.in('server')]);
  await page.getByRole('button', { name: 'First login' }).click();
  await page.getByLabel('Owner token').fill('owner-nonsense');
  await page.getByLabel('Name').fill('Olga');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('alert').getByText('The token of the owner is another one').waitFor();
  await expectNoViolations(page);
  await page.getByLabel('Owner token').fill(stdout.trim());
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  // It goes on after a reload, by what this tab alone keeps.
  await page.reload();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.locator('[data-figure=sessions]').waitFor();
  expect(await page.evaluate('localStorage.length')).toBe(0);
});

test('figures and plots move while somebody talks, and are those of /metrics', async () => {
  await expect.poll(() => figure('sessions')).toBe(1);
  const frames = page.getByRole('img', { name: /^out: / }).first();
  speaker = speak('Robin');
  await expect.poll(() => figure('speakers'), { timeout: 15_000 }).toBe(1);
  await expect.poll(() => figure('framesOut')).toBeGreaterThan(20);
  await expect.poll(() => frames.getAttribute('aria-label')).not.toMatch(/^out: (0|–) /);
  expect(await figure('sessions')).toBe(await metric('rookery_sessions'));
  expect(await metric('rookery_speakers')).toBe(1);
  await page.getByText('Robin came').waitFor();
  await expectNoViolations(page);
});

test('who is kicked falls silent', async () => {
  await opened.go('People');
  const row = page.getByRole('row').filter({ hasText: 'Robin' });
  await row.getByText('talks').waitFor();
  await opened.choose('Robin', 'Kick');
  await page.getByLabel('Reason').fill('too loud');
  await page.getByRole('button', { name: 'Kick', exact: true }).click();
  await row.waitFor({ state: 'detached' });
  expect((await speaker.outcome).code).toBe(1);
  await expect.poll(() => metric('rookery_speakers')).toBe(0);
  await expectNoViolations(page);
});

test('what may be done in a room changes at once', async () => {
  await opened.go('Rooms');
  await opened.choose('Lobby', 'Who may do what');
  await page.getByLabel('Add an entry for …').selectOption('Everyone');
  const cell = page.getByRole('button', { name: 'Speak, Everyone: not said' });
  await cell.focus();
  await page.keyboard.press('-');
  expect(wren.state.permissions.here).toContain('speak');
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => wren.state.permissions.here).not.toContain('speak');
  await page.getByText('This is how it is').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('changed rules are taken back one by one, and kept from what others save', async () => {
  const other = await openConsole('light');
  await other.logIn('Olga', password);
  await other.go('Rooms');
  for (const one of [opened, other]) await one.choose('Lobby', 'Who may do what');
  const speakIn = (there: Page, says: string): Locator =>
    there.getByRole('button', { name: `Speak, Everyone: ${says}` });
  await speakIn(page, 'denied').press('+');
  await speakIn(page, 'granted').press('Delete');
  await speakIn(page, 'not said').waitFor();
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.click();
  await speakIn(page, 'granted').waitFor();
  await page.getByText('They are not saved yet').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('Your changes are not saved.').waitFor();
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Go on editing' }).click();

  await speakIn(other.page, 'denied').press('Delete');
  await other.page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => wren.state.permissions.here).toContain('speak');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Somebody else has changed these rules').waitFor();
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await speakIn(page, 'granted').press('-');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => wren.state.permissions.here).not.toContain('speak');

  await speakIn(other.page, 'not said').press('+');
  await other.page.getByRole('button', { name: 'Save' }).click();
  await other.page.getByRole('button', { name: 'Show theirs' }).click();
  await speakIn(other.page, 'denied').waitFor();
  expect(await other.page.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);
  await page.getByText('This is how it is').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('everybody is told, and a backup is made and read through', async () => {
  await opened.go('Server and backups');
  await page.getByLabel('Message').fill('We restart soon.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Written in one room.').waitFor();
  await expect
    .poll(() => [...wren.state.texts.values()].flatMap(({ messages }) => messages).at(-1)?.text)
    .toBe('We restart soon.');
  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByText(/ is made\./).waitFor();
  await expectNoViolations(page);
});

test('settings refuse nonsense, hold at once, and the log is there', async () => {
  await opened.go('Settings');
  const rate = page.getByLabel('hot-room-rate', { exact: true });
  await rate.fill('much');
  await page.getByRole('button', { name: 'Save hot-room-rate' }).click();
  await page
    .getByRole('alert')
    .getByText(/whole number/)
    .waitFor();
  await rate.fill('120');
  await page.getByRole('button', { name: 'Save hot-room-rate' }).click();
  await page.getByText('“hot-room-rate” is saved.').waitFor();
  await page.getByRole('button', { name: 'Take out of the file: hot-room-rate' }).waitFor();
  expect(await page.getByLabel('data', { exact: true }).isDisabled()).toBe(true);
  await expectNoViolations(page);
  await opened.go('Server log');
  await page.getByRole('list', { name: 'Server log' }).getByRole('listitem').first().waitFor();
  await expectNoViolations(page);
});

test('a stress test runs, can be stopped, and says what came of it', async () => {
  await opened.go('Stress test');
  await page.getByLabel('Bots', { exact: true }).fill('6');
  await page.getByLabel('Of them speak').fill('2');
  await page.getByLabel('Rooms', { exact: true }).fill('2');
  await page.getByLabel('Seconds', { exact: true }).fill('600');
  await page.getByRole('button', { name: 'Spawn 6 bots' }).click();
  await page.getByText(/^6 bots are here/).waitFor();
  await page.getByText('6 / 6').waitFor();
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Stop the test' }).click();
  await page.getByRole('button', { name: 'Spawn 6 bots' }).waitFor();
  await expect.poll(() => metric('rookery_sessions')).toBe(1);
});

test('one who may only look sees, and has nothing to act with', async () => {
  await wren.accounts.setPassword('', password);
  await opened.go('People');
  await opened.choose('Wren', 'Give a role');
  await page.getByRole('dialog').getByLabel('Role').selectOption('Moderator');
  await page.getByRole('button', { name: 'Give the role' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.evaluate(`fetch('/api/v1/renew', { method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken: sessionStorage.getItem('rookery-refresh') }) })
    .then((answer) => answer.json())
    .then(({ accessToken, refreshToken }) => {
      sessionStorage.setItem('rookery-refresh', refreshToken);
      return fetch('/api/v1/roles/moderator/grants', { method: 'PUT',
        headers: { 'content-type': 'application/json', authorization: 'Bearer ' + accessToken },
        body: JSON.stringify({ grants: ['traverse', 'enter'] }) });
    })`);
  const seen = await openConsole('light');
  const viewer = seen.page;
  await seen.logIn('Wren', password);
  await viewer.locator('[data-figure=sessions]').waitFor();
  await expectNoViolations(viewer);
  await seen.go('People');
  await viewer.getByText('You may look, and not change anything here.').waitFor();
  await viewer.getByRole('row').filter({ hasText: 'Wren' }).waitFor();
  expect(await viewer.getByRole('button', { name: /What can be done/ }).count()).toBe(0);
  expect(await viewer.getByRole('checkbox').count()).toBe(0);
  for (const name of ['Settings', 'Server log', 'Server and backups', 'Stress test']) {
    await seen.go(name);
    await viewer.getByText('This is for those who may administer the server.').waitFor();
    expect(await viewer.getByRole('main').getByRole('button').count(), name).toBe(0);
  }
  await expectNoViolations(viewer);
  await viewer.close();
});

test('a ban holds after the server was started anew', async () => {
  await opened.go('People');
  speaker = speak('Jay');
  const row = page.getByRole('row').filter({ hasText: 'Jay' });
  await row.waitFor();
  await opened.choose('Jay', 'Ban');
  await page.getByRole('button', { name: 'Ban', exact: true }).click();
  await row.waitFor({ state: 'detached' });
  await speaker.outcome;
  await page.close();
  await server.stop();
  server = await startServer();
  opened = await openConsole('light');
  page = opened.page;
  await opened.logIn('Olga', password);
  await opened.go('Bans');
  await page.getByRole('table', { name: 'Bans' }).getByText('Jay').waitFor();
  speaker = speak('Jay');
  expect((await speaker.outcome).stderr).toContain('banned');
  await expectNoViolations(page);
  await opened.go('Audit log');
  await page.getByText('Made a backup').waitFor();
  await expectNoViolations(page);
  expect(consoles.flatMap(({ complaints }) => complaints)).toEqual([]);
});
