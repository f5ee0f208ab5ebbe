import { rootRoomId } from '@rookery/schemas/protocol';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestScene } from './testing/testScene.js';
import type { TestWindow } from './testing/testWindow.js';

let scene: TestScene;
let ada: TestWindow;

beforeAll(async () => {
  scene = await TestScene.open();
  ada = await scene.enter('Ada');
  await ada.host.engine.sendMessage(rootRoomId, 'Good morning, everybody');
});
afterAll(() => scene.close());

/**
 * What runs in the page: parts that are wider than their place, of which one sees only a piece.
 * Lists that scroll sideways by design are none.
 */
const overflowing = `
  [
    document.scrollingElement,
    ...document.querySelectorAll('nav, main, aside, dialog, dialog section, dialog .content, .bar'),
  ]
    .filter((part) => part.scrollWidth > part.clientWidth + 1)
    .filter((part) => getComputedStyle(part).overflowX !== 'auto' || part.localName !== 'nav')
    .map(({ localName, className, scrollWidth, clientWidth }) =>
      localName + '.' + className + ': ' + scrollWidth + ' > ' + clientWidth,
    )
`;

async function expectNoOverflow(page: Page, where: string): Promise<void> {
  expect(await page.evaluate<string[]>(overflowing), where).toEqual([]);
}

/** Whether the whole of something stands within the window. */
async function expectInside(page: Page, part: Locator): Promise<void> {
  await part.waitFor();
  const { width, height } = page.viewportSize()!;
  const box = (await part.boundingBox())!;
  const sides = [box.x, box.y, width - box.x - box.width, height - box.y - box.height];
  expect(Math.min(...sides), JSON.stringify(box)).toBeGreaterThanOrEqual(-1);
  expect(box.height).toBeGreaterThan(20);
}

async function expectSettingsFit(page: Page): Promise<void> {
  await page.keyboard.press('Control+,');
  await page.getByRole('dialog', { name: 'Settings' }).waitFor();
  const pages = page.getByRole('navigation', { name: 'Pages of the settings' }).getByRole('button');
  for (const name of await pages.allInnerTexts()) {
    await pages.filter({ hasText: name.trim() }).first().click();
    await page
      .getByRole('region', { name: name.trim(), exact: true })
      .locator('h3')
      .first()
      .waitFor();
    await expectNoOverflow(page, name);
  }
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

const tree = (page: Page): Locator => page.getByRole('tree');
const composer = (page: Page): Locator => page.getByPlaceholder('Write to Lobby');
const voiceBar = (page: Page): Locator => page.getByRole('region', { name: 'Voice' });

test('from right to left the parts change sides, and nothing is cut', async () => {
  const page = await ada.newPage();
  await tree(page).waitFor();
  await page.evaluate('document.documentElement.dir = "rtl"');
  for (const part of [tree(page), composer(page), voiceBar(page)]) await expectInside(page, part);
  const [treeBox, composerBox] = [
    await tree(page).boundingBox(),
    await composer(page).boundingBox(),
  ];
  expect(treeBox!.x).toBeGreaterThan(composerBox!.x);
  await expectNoOverflow(page, 'the window');
  await expectSettingsFit(page);

  await page.getByRole('button', { name: 'Choose a microphone' }).click();
  const menu = page.getByRole('menu');
  expect(await menu.getAttribute('dir')).toBe('rtl');
  await page.getByRole('menuitem', { name: /^Boost/ }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('menuitem', { name: '110 %' }).waitFor();
  await page.keyboard.press('Escape');

  const lobby = page.getByRole('treeitem', { name: 'Lobby' });
  await lobby.focus();
  const isOpen = () => lobby.getAttribute('aria-expanded');
  await page.keyboard.press('ArrowRight');
  await expect.poll(isOpen).toBe('false');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(isOpen).toBe('true');
  expect(ada.complaints).toEqual([]);
});

test('the look for what is cut finds it', async () => {
  const page = await ada.newPage();
  await composer(page).waitFor();
  const widen = `document.querySelector('main').append(
    Object.assign(document.createElement('div'), { style: 'inline-size: 3000px; block-size: 9px' }),
  )`;
  await page.evaluate(widen);
  await expect(expectNoOverflow(page, 'the window')).rejects.toThrow('html');
});

test('at twice the size everything is in reach, and nothing is cut', async () => {
  const viewport = { width: 640, height: 400 };
  const page = await ada.newPage({ viewport, deviceScaleFactor: 2 });
  await expectInside(page, composer(page));
  await expectNoOverflow(page, 'the window');
  await page.getByRole('button', { name: 'Show the rooms' }).click();
  await expectInside(page, tree(page));
  await expectInside(page, page.getByRole('treeitem', { name: 'Lobby' }));
  await expectInside(page, voiceBar(page));
  await expectNoOverflow(page, 'with the rooms');
  await page.keyboard.press('Escape');
  await tree(page).waitFor({ state: 'hidden' });
  await expectSettingsFit(page);
  expect(ada.complaints).toEqual([]);
});
