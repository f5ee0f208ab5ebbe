import { rootRoomId } from '@rookery/schemas/protocol';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { TestScene } from './testing/testScene.js';
import type { TestWindow } from './testing/testWindow.js';

let scene: TestScene;
let ada: TestWindow;
let ben: TestWindow;
let cleo: TestWindow;
let page: Page;
let gamesId: string;

beforeAll(async () => {
  scene = await TestScene.open();
  [ada, ben, cleo] = [
    await scene.enter('Ada'),
    await scene.enter('Ben'),
    await scene.enter('Cleo'),
  ];
  await scene.makeOwner(ada);
  gamesId = await ada.host.engine.createRoom(rootRoomId, 'Games');
  page = await ada.newPage();
  await row(/^Games/).waitFor();
});
afterAll(() => scene.close());

const row = (name: string | RegExp): Locator => page.getByRole('treeitem', { name });
const member = (name: RegExp): Locator =>
  page.getByRole('complementary', { name: 'In this room' }).getByRole('button', { name });
const focused = (name: string): Locator =>
  page.locator(':is([role=treeitem], button):focus', { hasText: name });

test('a member keeps the keyboard where a new name moves her', async () => {
  await member(/^Cleo/).focus();
  await cleo.host.engine.accounts.setName('Alma');
  await focused('Alma').waitFor();
});

test('a room keeps the keyboard when somebody from the one above comes into it', async () => {
  await cleo.host.disconnect();
  await row(/^Alma/).waitFor({ state: 'detached' });
  await row(/^Games/).focus();
  await ben.host.engine.joinRoom(gamesId);
  await row(/^Games .* here$/).waitFor();
  await focused('Games').waitFor();
});

test('the row below takes the keyboard from somebody who goes', async () => {
  await ben.host.engine.joinRoom(rootRoomId);
  await row(/^Games .* here$/).waitFor({ state: 'detached' });
  await row(/^Ben/).focus();
  await ben.host.disconnect();
  await focused('Games').waitFor();
});
