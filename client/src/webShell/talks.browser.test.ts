import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownCall } from '../engine/calls.js';
import { openEngine, type Engine } from '../engine/engine.js';
import { parseServerAddress } from '../engine/serverAddress.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { expectNoViolations } from './testing/axeCheck.js';
import { openTestBrowser } from './testing/testBrowser.js';
import { TestWindow } from './testing/testWindow.js';

let scratch: ScratchFolder;
let server: TestServer;
let browser: Browser;
let shown: TestWindow;
let page: Page;
const engines: Engine[] = [];

beforeAll(async () => {
  scratch = await ScratchFolder.make();
  [server, browser] = await Promise.all([
    TestServer.start(scratch.in('server')),
    openTestBrowser(),
  ]);
  shown = await TestWindow.open(browser, scratch.in('profile'));
  page = await shown.newPage();
  await shown.connect(page, server.address, 'Ada');
});
afterAll(async () => {
  await shown.close();
  await Promise.all(engines.map((engine) => engine.close()));
  await browser.close();
  await server.stop();
  await scratch.remove();
});

/** Waits as long as a busy machine may take. */
const until = <Value>(read: () => Value) => expect.poll(read, { timeout: 20_000 });

async function enter(displayName: string): Promise<Engine> {
  const engine = openEngine({
    profileFolder: scratch.in(displayName),
    clientName: 'test/1',
    timeoutMs: 8_000,
    reconnectMs: 60_000,
  });
  engines.push(engine);
  await engine.connect({ address: parseServerAddress(server.address), displayName });
  return engine;
}

async function find(name: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name of a member').fill(name);
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: `Add ${name}` }).click();
}

const talkRow = (name: string) =>
  page.getByRole('region', { name: 'Talks' }).getByRole('button', { name: new RegExp(`^${name}`) });

describe('talks in the window', () => {
  test('writes to somebody directly, and shows what comes back', async () => {
    const ben = await enter('Ben');
    await page.getByRole('button', { name: 'Write to somebody' }).click();
    await find('Ben');
    await expectNoViolations(page);
    await page.getByRole('button', { name: 'Begin the talk' }).click();
    await page.getByPlaceholder('Write to Ben').fill('hello Ben');
    await page.keyboard.press('Enter');
    await until(() => ben.state.messages.at(-1)?.text).toBe('hello Ben');
    await ben.sendMessage(ben.state.talks[0]!.talkId, 'hello Ada');
    await page.getByRole('article').getByText('hello Ada').waitFor();
    await talkRow('Ben').waitFor();
  });

  test('rings, is answered, and is hung up', async () => {
    const [ben] = engines;
    const { talkId } = ben!.state.talks[0]!;
    await ben!.talks.call(talkId);
    const banner = page.getByRole('alert');
    await banner.getByText('Ben calls you').waitFor();
    await expectNoViolations(page);
    await banner.getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('button', { name: 'Hang up' }).waitFor();
    await until(() => ownCall(ben!.state)?.members.length).toBe(2);
    await page.getByRole('button', { name: 'Hang up' }).click();
    await until(() => ownCall(ben!.state)?.members.length).toBe(1);
    await ben!.talks.hangUp();
  });

  test('declines a call, and marks one that was missed', async () => {
    const [ben] = engines;
    const { talkId } = ben!.state.talks[0]!;
    await page.getByRole('treeitem').first().click();
    await ben!.talks.call(talkId);
    await page.getByRole('alert').getByRole('button', { name: 'Decline' }).click();
    await until(() => ben!.state.calls.get(talkId)?.declinedUserIds.length).toBe(1);
    expect(await talkRow('Ben').getByText('missed call').count()).toBe(0);
    await ben!.talks.hangUp();
    await ben!.talks.call(talkId);
    await page.getByRole('alert').getByText('Ben calls you').waitFor();
    await ben!.talks.hangUp();
    await talkRow('Ben').getByText('missed call').waitFor();
    const other = await shown.newPage();
    await other.getByRole('region', { name: 'Talks' }).getByText('missed call').waitFor();
    await other.close();
    await talkRow('Ben').click();
    await talkRow('Ben').getByText('missed call').waitFor({ state: 'detached' });
  });

  test('shows beside a talk who takes part in it, here or not', async () => {
    const members = page.getByRole('complementary', { name: 'In this talk' });
    await members.getByRole('button', { name: /^Ada/ }).waitFor();
    await members.getByRole('button', { name: /^Ben/ }).waitFor();
    expect(await members.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual(['Here · 2']);
    engines[0]!.setPresence('away');
    await members.getByRole('button', { name: /^Ben away/ }).waitFor();
    await engines[0]!.close();
    await members.getByRole('heading', { name: 'Not here' }).waitFor();
    await expectNoViolations(page);
    await members.getByRole('button', { name: 'Ben' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Profile' }).waitFor();
    await page.keyboard.press('Escape');
    await enter('Ben');
    await members.getByRole('heading', { name: 'Not here' }).waitFor({ state: 'detached' });
  });

  test('makes a group, with a name', async () => {
    const cleo = await enter('Cleo');
    await page.getByRole('button', { name: 'Write to somebody' }).click();
    await find('Ben');
    await find('Cleo');
    await page.getByLabel('Name of the group').fill('Nest builders');
    await page.getByRole('button', { name: 'Begin the talk' }).click();
    await page.getByPlaceholder('Write to Nest builders').waitFor();
    await until(() => cleo.state.talks.map(({ name }) => name)).toEqual(['Nest builders']);
    expect(shown.complaints).toEqual([]);
  });
});
