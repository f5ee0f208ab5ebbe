import { readFile } from 'node:fs/promises';
import { rootRoomId } from '@rookery/schemas/protocol';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoViolations } from './testing/axeCheck.js';
import { recordedVoice, TestScene } from './testing/testScene.js';
import type { TestWindow } from './testing/testWindow.js';

let scene: TestScene;
let ada: TestWindow;
let ben: TestWindow;
let cleo: TestWindow;
let page: Page;
let gamesId: string;

beforeAll(async () => {
  scene = await TestScene.open();
  [ada, ben, cleo] = await Promise.all([
    scene.enter('Ada', recordedVoice),
    scene.enter('Ben', recordedVoice),
    scene.enter('Cleo'),
  ]);
  for (const { host } of [ada, ben]) host.engine.sound.setMode('pushToTalk');
  await scene.makeOwner(ada);
  gamesId = await ada.host.engine.createRoom(rootRoomId, 'Games');
  page = await ada.newPage();
  await page.getByRole('tree').waitFor();
});
afterAll(() => scene.close());

/** Waits as long as a busy machine may take. */
const until = <Value>(read: () => Value) => expect.poll(read, { timeout: 20_000 });
const row = (name: string | RegExp): Locator => page.getByRole('treeitem', { name });
const menuLine = (name: string): Locator => page.getByRole('menuitem', { name });
const closeMenu = async (): Promise<void> => {
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
};

function roomOf(shown: TestWindow): string | null | undefined {
  const { sessions } = ada.host.engine.state.view;
  return [...sessions.values()].find(({ userId }) => userId === shown.userId)?.roomId;
}

/** Whether each one whom somebody hears now whispers. */
const heardBy = ({ host }: TestWindow): boolean[] =>
  [...host.engine.state.audio.speakers.values()]
    .filter(({ isTalking }) => isTalking)
    .map(({ isWhispering }) => isWhispering);

/** Loudness of what Ada hears, in dB of full scale. */
const outputDbfs = (): number => ada.host.engine.state.audio.levels.outputRmsDbfs;

/** Presses on a line of an open menu, and keeps it pressed until the mouse goes up. */
async function holdDown(line: Locator): Promise<void> {
  await line.hover();
  await page.mouse.down();
}

test('marks who talks, plays them as loud as the menu says, and not when muted', async () => {
  ben.host.engine.sound.setMode('continuous');
  await row(/^Ben talks/).waitFor();
  await until(outputDbfs).toBeGreaterThan(-60);

  await page.getByRole('button', { name: 'Connection: good' }).click();
  await page.getByText('All is well.').waitFor();
  // Measured again and again: what is shown may be what was measured before.
  const shownLoss = (): Promise<string> => page.getByRole('definition').nth(3).innerText();
  const isOwnLoss = async (): Promise<boolean> =>
    (await shownLoss()) === `${ada.host.engine.state.audio.ownLossPct} %`;
  await until(isOwnLoss).toBe(true);
  await page.keyboard.press('Escape');

  await row(/^Ben/).click({ button: 'right' });
  await menuLine('Volume').focus();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('menuitem', { name: '95 %' }).waitFor();
  const { users } = ada.host.engine.state.audio;
  expect(users.get(ben.userId)).toEqual({ gain: 0.95, isMuted: false });
  await expectNoViolations(page);
  await page.getByRole('menuitemcheckbox', { name: 'Mute for me' }).click();
  await until(outputDbfs).toBeLessThan(-90);
  await row(/muted for you alone/).waitFor();
  const kept = (): Promise<string> => readFile(scene.scratch.in('Ada', 'sound.json'), 'utf8');
  await until(kept).toMatch(/"gain":\s*0.95,\s*"isMuted":\s*true/);
  await row(/^Ben/).click({ button: 'right' });
  await page.getByRole('menuitemcheckbox', { name: 'Mute for me' }).click();
  await until(outputDbfs).toBeGreaterThan(-60);

  ben.host.engine.sound.setMode('pushToTalk');
  await row(/^Ben talks/).waitFor({ state: 'detached' });
});

test('whispers to somebody for as long as the line of the menu is held', async () => {
  await row(/^Ben/).click({ button: 'right' });
  await holdDown(menuLine('Whisper'));
  await page.getByText('You whisper to Ben').waitFor();
  await until(() => heardBy(ben)).toEqual([true]);
  expect(heardBy(cleo)).toEqual([]);
  await page.mouse.up();
  await until(() => heardBy(ben)).toEqual([]);
  await closeMenu();
});

test('moves somebody by dragging, and back by keys', async () => {
  await row(/^Ben/).dragTo(row('Games'));
  await page.getByText('Ben is in Games now.').waitFor();
  await until(() => roomOf(ben)).toBe(gamesId);
  // The answer may come before the tree shows it.
  await row(/^Games .* here$/).waitFor();
  await row(/^Ben/).focus();
  await page.keyboard.press('Control+x');
  await row('Lobby').focus();
  await page.keyboard.press('Control+v');
  await page.getByText('Ben is in Lobby now.').waitFor();
  await until(() => roomOf(ben)).toBe(rootRoomId);
  await row(/^Games .* here$/).waitFor({ state: 'detached' });
});

test('puts who was cut back where he was, though he has gone elsewhere since', async () => {
  await row(/^Ben/).focus();
  await page.keyboard.press('Control+x');
  await ben.host.engine.joinRoom(gamesId);
  await row(/^Games .* here$/).waitFor();
  await row('Lobby').focus();
  await page.keyboard.press('Control+v');
  await until(() => roomOf(ben)).toBe(rootRoomId);
  await row(/^Games .* here$/).waitFor({ state: 'detached' });
});

test('whispers to a room from its menu, by keyboard', async () => {
  await cleo.host.engine.joinRoom(gamesId);
  await row(/^Games .* here$/).focus();
  await page.keyboard.press('Shift+F10');
  // A menu that has just opened takes the focus itself.
  await until(() => page.evaluate('document.activeElement.closest("[role=menu]") !== null')).toBe(
    true,
  );
  await menuLine('Whisper to this room').focus();
  await page.keyboard.down('Enter');
  await page.getByText('You whisper to Games').waitFor();
  await until(() => heardBy(cleo)).toEqual([true]);
  expect(heardBy(ben)).toEqual([]);
  await page.keyboard.up('Enter');
  await until(() => heardBy(cleo)).toEqual([]);
  await closeMenu();
});

test('takes another microphone, and other headphones, from the voice bar', async () => {
  for (const direction of ['input', 'output'] as const) {
    const name = direction === 'input' ? 'Choose a microphone' : 'Choose headphones';
    const choose = async (line: Locator): Promise<void> => {
      await page.getByRole('button', { name }).click();
      await line.click();
    };
    const { devices } = ada.host.engine.state.audio;
    const device = devices.find(({ id }) => id === `file:${direction === 'input' ? 'in' : 'out'}`)!;
    await choose(page.getByRole('menuitemcheckbox', { name: device.name }));
    await until(() => ada.host.engine.state.audio[direction].wishedId).toBe(device.id);
    await choose(page.getByRole('menuitemcheckbox', { name: 'As the system says' }));
    await until(() => ada.host.engine.state.audio[direction].wishedId).toBeNull();
  }
});

test('kicks somebody, and bans somebody, who are told why', async () => {
  await row(/^Ben/).click({ button: 'right' });
  await menuLine('Kick …').click();
  await page.getByLabel('Reason').fill('too loud');
  await expectNoViolations(page);
  await page.getByRole('button', { name: 'Kick', exact: true }).click();
  await page.getByText('Ben was kicked.').waitFor();
  await until(() => ben.host.engine.state.connection).toMatchObject({
    phase: 'disconnected',
    reason: { message: expect.stringContaining('too loud') as string },
  });
  await row(/^Ben/).waitFor({ state: 'detached' });

  await row(/^Cleo/).click({ button: 'right' });
  await menuLine('Ban …').click();
  await page.getByLabel('For how long').selectOption('An hour');
  await page.getByLabel('Reason').fill('spam');
  await page.getByRole('button', { name: 'Ban', exact: true }).click();
  await page.getByText('Cleo was banned.').waitFor();
  await until(() => cleo.host.engine.state.connection.phase).toBe('disconnected');
  const { address } = scene.server;
  await expect(cleo.host.connect({ address, nickname: 'Cleo' })).rejects.toThrow('spam');
  await expectNoViolations(page);
  expect(ada.complaints).toEqual([]);
});
