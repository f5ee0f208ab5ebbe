import { fileURLToPath } from 'node:url';
import { FrameType } from '@rookery/schemas/frameType';
import { rootRoomId } from '@rookery/schemas/protocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openTestBrowser } from './testing/testBrowser.js';
import { historyId, LongHistory, variedMessages } from './testing/longHistory.js';
import { recordScrolling } from './testing/shiftRecorder.js';
import { openWebShell } from './webShell.js';

const pageFolder = fileURLToPath(new URL('../../renderer', import.meta.url));

let browser: Browser;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  browser = await openTestBrowser();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(async () => {
  await browser.close();
});

describe('a long history', () => {
  const count = 2_000;

  async function open(): Promise<{ page: Page; history: LongHistory }> {
    const history = new LongHistory(variedMessages(count));
    closers.push(() => history.bridge.close());
    const shell = await openWebShell({ host: history, pageFolder, port: 0 });
    closers.push(() => shell.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    closers.push(() => page.close());
    await page.goto(shell.newAddress());
    await page.getByRole('article').last().waitFor();
    return { page, history };
  }

  const shown = (page: Page, text: string | RegExp) =>
    page.getByRole('log').getByText(text, { exact: false });

  test('is scrolled far back with few rows in the page, none of which jumps', async () => {
    const { page, history } = await open();
    const record = await recordScrolling(page);
    await page.getByRole('log').hover();
    // Farther than the engine holds at once.
    const far = shown(page, `${count - 600}: `);
    for (let turns = 0; turns < 60 && (await far.count()) === 0; turns++) {
      await page.mouse.wheel(0, -3_000);
      await page.evaluate('new Promise((drawn) => requestAnimationFrame(drawn))');
    }
    await far.waitFor();
    const { rowsMax, shifts, shiftPxMax } = await record();
    expect(rowsMax).toBeLessThanOrEqual(200);
    expect({ shifts, shiftPxMax }).toEqual({ shifts: 0, shiftPxMax: 0 });
    expect(history.messagesHeldMax).toBeLessThanOrEqual(256);
  });

  test('follows what comes at its end, and tells of it further up', async () => {
    const { page, history } = await open();
    const say = (number: number): void => {
      const [message] = variedMessages(1);
      history.tell({
        ...message!,
        type: FrameType.RoomMessage,
        roomId: rootRoomId,
        messageId: historyId(count + number),
        text: `news ${number}`,
      });
    };
    say(1);
    await expect.poll(() => shown(page, 'news 1').isVisible()).toBe(true);
  });
});
