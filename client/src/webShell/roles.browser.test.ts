import type { Role } from '@rookery/schemas/roles';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseServerAddress } from '../engine/serverAddress.js';
import { UdpGate } from '../testing/udpGate.js';
import { TestScene } from './testing/testScene.js';
import type { TestWindow } from './testing/testWindow.js';

let scene: TestScene;
let gate: UdpGate;
let ada: TestWindow;
let ben: TestWindow;
let cleo: TestWindow;
let page: Page;

beforeAll(async () => {
  scene = await TestScene.open();
  gate = await UdpGate.open(parseServerAddress(scene.server.address).port);
  [ada, ben, cleo] = await Promise.all([
    scene.enter('Ada', null, `127.0.0.1:${gate.port}`),
    scene.enter('Ben'),
    scene.enter('Cleo'),
  ]);
  await scene.makeOwner(ada);
  await ada.host.engine.access.setRole(ben.userId, 'owner');
  page = await ada.newPage();
  await page.getByRole('tree').waitFor();
});
afterAll(async () => {
  await scene.close();
  gate.close();
});

/** Waits as long as a busy machine may take. */
const until = <Value>(read: () => Value) => expect.poll(read, { timeout: 20_000 });
const give = ({ userId }: TestWindow, role: Role): Promise<void> =>
  ben.host.engine.access.setRole(userId, role);
const members = (): Locator => page.getByRole('complementary', { name: 'In this room' });
/** How the panel groups people, without how many. */
const headings = async (): Promise<string[]> => {
  const texts = await members().getByRole('heading', { level: 3 }).allTextContents();
  return texts.map((text) => text.split('·')[0]!.trim());
};

test('shows a role that somebody else gave, in the panel, the profile and the menu', async () => {
  await until(headings).toEqual(['Owner', 'Admin']);
  await give(cleo, 'moderator');
  await until(headings).toEqual(['Owner', 'Moderator']);
  const row = members().getByRole('button', { name: /^Cleo/ });
  await row.click();
  await page.getByRole('dialog').getByText('Moderator').waitFor();
  await give(cleo, 'guest');
  await page.getByRole('dialog').getByText('Guest').waitFor();
  await page.keyboard.press('Escape');
  await row.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Role' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Guest', checked: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
});

test('shows no roles to who may not know them any more, and all of them afterwards', async () => {
  await give(ada, 'member');
  await until(headings).toEqual(['In this room']);
  await give(cleo, 'member');
  await give(ada, 'admin');
  await until(headings).toEqual(['Owner', 'Admin', 'Member']);
});

test('shows what others were given while the network was away', async () => {
  gate.isOpen = false;
  await until(() => {
    // Who asks for something finds out that nobody answers.
    ada.host.engine.access.readRoles().catch(() => undefined);
    return ada.host.engine.state.connection.phase;
  }).toBe('reconnecting');
  await give(cleo, 'moderator');
  // From here on nobody else is told of it.
  await until(() => ben.host.engine.state.roleNews.latest.at(-1)?.role).toBe('moderator');
  gate.isOpen = true;
  await until(headings).toEqual(['Owner', 'Admin', 'Moderator']);
  expect(ada.complaints).toEqual([]);
});
