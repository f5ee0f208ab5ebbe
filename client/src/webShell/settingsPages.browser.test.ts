import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoViolations } from './testing/axeCheck.js';
import { recordedVoice, TestScene } from './testing/testScene.js';
import type { TestWindow } from './testing/testWindow.js';

let scene: TestScene;
let ada: TestWindow;
let page: Page;

beforeAll(async () => {
  scene = await TestScene.open();
  ada = await scene.enter('Ada', recordedVoice);
  page = await ada.newPage();
  await page.getByRole('tree').waitFor();
});
afterAll(() => scene.close());

/** Waits as long as a busy machine may take. */
const until = <Value>(read: () => Value) => expect.poll(read, { timeout: 20_000 });

async function openSettings(): Promise<void> {
  await page.keyboard.press('Control+,');
  await page.getByRole('dialog', { name: 'Settings' }).waitFor();
}

async function closeSettings(): Promise<void> {
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

describe.each(['dark', 'light'] as const)('the pages of the settings in %s', (theme) => {
  test('keep the rules of access', async () => {
    await ada.host.changeSettings({ theme });
    await openSettings();
    const pages = page.getByRole('navigation', { name: 'Pages of the settings' });
    const names = await pages.getByRole('button').allInnerTexts();
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) {
      await pages.getByRole('button', { name: name.trim(), exact: true }).click();
      await page
        .getByRole('region', { name: name.trim(), exact: true })
        .locator('h3')
        .first()
        .waitFor();
      await expectNoViolations(page, 'dialog');
    }
    await closeSettings();
    expect(ada.complaints).toEqual([]);
  });
});

test('the guide shows that the microphone hears, and sets from where on one is heard', async () => {
  await openSettings();
  await page.getByRole('button', { name: 'Sound', exact: true }).click();
  await page.getByRole('button', { name: 'Set up step by step' }).click();
  const guide = page.getByRole('region', { name: 'Set up your microphone' });
  const next = guide.getByRole('button', { name: 'Next' });
  const shown = new Set<string | null>();
  const meter = guide.getByRole('meter').first();
  await until(
    async () => shown.add(await meter.getAttribute('aria-valuenow')).size,
  ).toBeGreaterThan(3);
  await next.click();
  await guide.getByText('We hear you!').waitFor();
  await expectNoViolations(page);
  await next.click();
  await guide.getByRole('heading', { name: 'Take noise away?' }).waitFor();
  await next.click();
  const before = ada.host.engine.state.audio.settings.startsAbove;
  await guide.getByRole('slider').focus();
  await page.keyboard.press('ArrowRight');
  await until(() => ada.host.engine.state.audio.settings.startsAbove).toBeCloseTo(before + 0.01);
  await next.click();
  await guide.getByRole('button', { name: 'Yes, I hear it' }).click();
  await guide.getByRole('button', { name: 'Done' }).click();
  await guide.waitFor({ state: 'detached' });
  await closeSettings();
});

/** What runs in a page: counts the tones that it plays. */
const toneCounter = `
  window.rookeryTones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...args) {
    window.rookeryTones += 1;
    return start.apply(this, args);
  };
`;

test('sounds are played by one of two windows, and by the other once that is closed', async () => {
  const other = await ada.newPageIn(page.context());
  await other.getByRole('tree').waitFor();
  const windows = [page, other];
  for (const each of windows) {
    await each.evaluate(toneCounter);
    // A browser lets a page sound once it was touched.
    await each.getByRole('tree').click();
  }
  const tones = () =>
    Promise.all(windows.map((each) => each.evaluate<number>('window.rookeryTones')));
  const ben = await scene.enter('Ben');
  await until(async () => Math.max(...(await tones()))).toBeGreaterThan(0);
  expect(Math.min(...(await tones()))).toBe(0);
  await page.getByRole('treeitem', { name: /^Ben/ }).waitFor();
  expect(Math.min(...(await tones()))).toBe(0);

  const [first] = await tones();
  const [lead, second] = first! > 0 ? windows : windows.toReversed();
  await lead!.close();
  // The other one waits in line until the browser has noticed.
  const line = 'navigator.locks.query().then(({ held, pending }) => [held.length, pending.length])';
  await until(() => second!.evaluate(line)).toEqual([1, 0]);
  await ben.host.engine.close();
  await until(() => second!.evaluate<number>('window.rookeryTones')).toBeGreaterThan(0);
  expect(ada.complaints).toEqual([]);
});
