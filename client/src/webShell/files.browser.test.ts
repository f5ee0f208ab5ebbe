import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

beforeAll(async () => {
  scratch = await ScratchFolder.make();
  [server, browser] = await Promise.all([
    TestServer.start(scratch.in('server'), ['--file-size', '1']),
    openTestBrowser(),
  ]);
  shown = await TestWindow.open(browser, scratch.in('profile'));
  page = await shown.newPage();
  await shown.connect(page, server.address, 'Ada');
  await page.getByRole('treeitem').first().dblclick();
  await page.getByPlaceholder('Write to Lobby').waitFor();
});
afterAll(async () => {
  await shown.close();
  await browser.close();
  await server.stop();
  await scratch.remove();
});

/** Waits as long as a busy machine may take. */
const until = <Value>(read: () => Value) => expect.poll(read, { timeout: 20_000 });

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const waiting = () => page.getByRole('list', { name: 'Files that go along' });
const field = () => page.getByPlaceholder('Write to Lobby');
const lastArticle = () => page.getByRole('article').last();

interface Given {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const bytesOf = (length: number, seed = 7): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, at) => (at * seed) % 251));

/** As somebody who chooses them in the dialog of the system. */
async function choose(...files: Given[]): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Add files' }).click(),
  ]);
  await chooser.setFiles(files);
}

/** Hands the page files as the browser does, in an event of this name on the chat. */
function give(kind: 'drop' | 'paste', { name, mimeType, buffer }: Given): Promise<void> {
  const [what, how] =
    kind === 'drop' ? ['DragEvent', 'dataTransfer'] : ['ClipboardEvent', 'clipboardData'];
  return page.evaluate(`{
    const bytes = Uint8Array.from(atob('${buffer.toString('base64')}'), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], ${JSON.stringify(name)}, { type: '${mimeType}' }));
    const event = { ${how}: data, bubbles: true, cancelable: true };
    const place = document.querySelector('main textarea');
    ${kind === 'drop' ? "place.dispatchEvent(new DragEvent('dragover', event));" : ''}
    place.dispatchEvent(new ${what}('${kind}', event));
  }`);
}

/** A picture of one colour, as the page itself makes it. */
async function picture(width: number, height: number, colour: string): Promise<Buffer> {
  const url = await page.evaluate<string>(`{
    const canvas = document.createElement('canvas');
    canvas.width = ${width};
    canvas.height = ${height};
    const context = canvas.getContext('2d');
    context.fillStyle = '${colour}';
    context.fillRect(0, 0, ${width}, ${height});
    canvas.toDataURL('image/png');
  }`);
  return Buffer.from(url.split(',')[1]!, 'base64');
}

describe('files in the window', () => {
  test('go up when they are chosen, with what is written, and come down as they were', async () => {
    const buffer = bytesOf(700_000);
    await choose({ name: 'nest.bin', mimeType: 'application/octet-stream', buffer });
    await waiting().getByText('nest').waitFor();
    await field().fill('look at this');
    await page.keyboard.press('Enter');
    await lastArticle().getByText('look at this').waitFor();
    await waiting().waitFor({ state: 'detached' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      lastArticle().getByRole('button', { name: 'Save nest.bin' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('nest.bin');
    expect(sha(await readFile(await download.path()))).toBe(sha(buffer));
    expect(shown.host.engine.state.transfers).toEqual([]);
  });

  test('shows pictures in the room that it kept for them, and large', async () => {
    await give('paste', {
      name: 'image.png',
      mimeType: 'image/png',
      buffer: await picture(640, 480, 'teal'),
    });
    await waiting().getByText('ready to go').waitFor();
    await give('drop', {
      name: 'wide.png',
      mimeType: 'image/png',
      buffer: await picture(900, 300, 'tomato'),
    });
    await waiting().getByText('ready to go').nth(1).waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const tiles = lastArticle().getByRole('button', { name: /^Look at/ });
    await until(() => tiles.count()).toBe(2);
    // Before they are there they have the size that they have in the end.
    const before = await Promise.all([tiles.nth(0).boundingBox(), tiles.nth(1).boundingBox()]);
    const decoded = (at: number): Promise<number> =>
      tiles
        .nth(at)
        .locator('img')
        .evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth);
    await until(() => decoded(0)).toBe(320);
    await until(() => decoded(1)).toBe(320);
    const after = await Promise.all([tiles.nth(0).boundingBox(), tiles.nth(1).boundingBox()]);
    const size = (box: (typeof before)[0]) => [box?.width, box?.height];
    expect(after.map(size)).toEqual(before.map(size));
    expect(before.map(size)).toEqual([
      [320, 240],
      [320, 107],
    ]);

    await tiles.nth(0).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('img', { name: 'image.png' }).waitFor();
    await expectNoViolations(page);
    await page.keyboard.press('ArrowRight');
    await dialog.getByRole('img', { name: 'wide.png' }).waitFor();
    await dialog.getByText('2 of 2').waitFor();
    await dialog.getByRole('button', { name: 'Actual size' }).click();
    const large = await dialog.getByRole('img', { name: 'wide.png' }).boundingBox();
    expect(large?.width).toBe(900);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('takes nothing for a picture that could be more than one', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    const html = '<!doctype html><script>alert(1)</script>';
    await choose(
      { name: 'drawing.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) },
      { name: 'page.png', mimeType: 'image/png', buffer: Buffer.from(html) },
    );
    await waiting().getByText('ready to go').nth(1).waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await lastArticle().getByRole('button', { name: 'Save page.png' }).waitFor();
    await lastArticle().getByRole('button', { name: 'Save drawing.svg' }).waitFor();
    expect(await lastArticle().getByRole('img').count()).toBe(0);
    expect(
      await lastArticle()
        .getByRole('button', { name: /^Look at/ })
        .count(),
    ).toBe(0);
  });

  test('shows and saves hostile names as what they are', async () => {
    const names = [
      ['photo\u202Egnp.exe', 'photognp.exe'],
      ['<img src=x onerror=alert(1)>.txt', 'img src=x onerror=alert(1).txt'],
      [`${'long '.repeat(50)}.txt`, null],
    ] as const;
    for (const [name, saved] of names) {
      await give('drop', { name, mimeType: 'text/plain', buffer: Buffer.from(`x${name}`) });
      await waiting().getByText('ready to go').waitFor();
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await waiting().waitFor({ state: 'detached' });
      const save = lastArticle().getByRole('button', { name: /^Save/ });
      await until(() => save.count()).toBe(1);
      if (saved === null) continue;
      await lastArticle()
        .getByRole('button', { name: `Save ${saved}` })
        .waitFor();
      const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
      expect(download.suggestedFilename()).not.toMatch(/[\u202E/\\<>]/);
    }
    const card = await lastArticle().locator('.card').boundingBox();
    expect(card!.width).toBeLessThanOrEqual(360);
    await expectNoViolations(page);
  });

  test('refuses what cannot go, with words, and sends nothing of it', async () => {
    await choose({ name: 'nothing.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) });
    await page.getByText('“nothing.txt” is empty, or a folder.').waitFor();
    await page.getByRole('alert').getByRole('button', { name: 'Close' }).click();
    expect(await waiting().count()).toBe(0);
    await page.evaluate(`{
      const data = new DataTransfer();
      const part = new Uint8Array(1024 * 1024);
      data.items.add(new File(Array(2).fill(part), 'huge.bin'));
      const event = { dataTransfer: data, bubbles: true, cancelable: true };
      document.querySelector('main textarea').dispatchEvent(new DragEvent('drop', event));
    }`);
    await waiting().getByRole('alert').getByText('1 MiB').waitFor();
    await page.getByRole('button', { name: 'Take huge.bin back' }).click();
    await waiting().waitFor({ state: 'detached' });
  });

  test('takes a file back while it is sent, and goes on with the next', async () => {
    const { files } = shown.host.engine;
    const large = bytesOf(1_000_000, 13);
    await choose(
      { name: 'unwanted.bin', mimeType: 'application/octet-stream', buffer: large },
      { name: 'wanted.bin', mimeType: 'application/octet-stream', buffer: bytesOf(50_000, 3) },
    );
    await waiting().getByRole('progressbar', { name: 'unwanted.bin' }).waitFor();
    await waiting().getByText('waits for the one before').waitFor();
    // It may be there before it is stopped; it does not go along either way.
    await page.getByRole('button', { name: /^(Stop sending|Take) unwanted.bin/ }).click();
    await waiting().getByText('ready to go').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await lastArticle().getByRole('button', { name: 'Save wanted.bin' }).waitFor();
    expect(shown.host.engine.state.transfers).toEqual([]);
    const sent = shown.host.engine.state.messages.at(-1)!;
    expect(await files.info(sent.attachmentIds[0]!)).toMatchObject({ sizeBytes: 50_000 });

    await page.getByRole('button', { name: 'Remove wanted.bin for everybody' }).click();
    await page.getByRole('button', { name: 'Remove the file' }).click();
    await lastArticle().getByText('This file is not there any more').waitFor();
    expect(shown.complaints).toEqual([]);
  });
});
