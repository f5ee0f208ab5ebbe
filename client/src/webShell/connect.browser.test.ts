import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseServerAddress } from '../engine/serverAddress.js';
import { checkServerPin } from '../engine/serverPins.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import { expectNoViolations } from './testing/axeCheck.js';
import { openTestBrowser } from './testing/testBrowser.js';
import { TestWindow } from './testing/testWindow.js';

const hostileName = '<b onclick=alert(1)>Rook</b>';
const hostileLabel = '\u202Egnp.exe <img src=x onerror=alert(1)>';

let scratch: ScratchFolder;
let server: TestServer;
let browser: Browser;
let shown: TestWindow;
let profiles = 0;

beforeAll(async () => {
  scratch = await ScratchFolder.make();
  [server, browser] = await Promise.all([
    TestServer.start(scratch.in('server'), ['--name', hostileName, '--password', 'open sesame']),
    openTestBrowser(),
  ]);
});
afterEach(async () => {
  expect(shown.complaints).toEqual([]);
  await shown.close();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await scratch.remove();
});

async function open(user: 'usual' | 'trusting nobody' | 'new', profile = `profile ${profiles++}`) {
  shown = await TestWindow.open(browser, scratch.in(profile), undefined, user);
  return shown.newPage();
}

async function fill(page: Page, password: string): Promise<void> {
  await page.getByLabel('Address').fill(server.address);
  await page.getByLabel('Your name there').fill('Ada');
  await page.getByLabel('Password of the server').fill(password);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
}

const keep = (label: string, group: string) =>
  shown.host.addBookmark({ label, address: server.address, nickname: 'Ada', group });

async function membersOn(): Promise<number> {
  const { card } = await shown.host['servers'].readCard(server.address);
  return card?.members ?? -1;
}

describe('the first steps', () => {
  test('lead by keyboard from a name to a server, and are not shown again', async () => {
    const page = await open('new');
    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
    await expectNoViolations(page);
    await page.getByLabel('Your name').focus();
    await page.keyboard.type('Ada');
    await page.keyboard.press('Enter');
    const skip = page.getByRole('button', { name: 'Skip all of it' });
    await skip.waitFor();
    await skip.press('Enter');
    const target = page.getByLabel('Address or invitation');
    // The title takes the focus when its step is shown.
    await page.getByRole('heading', { level: 1 }).and(page.locator(':focus')).waitFor();
    await target.pressSequentially(server.address);
    await expectNoViolations(page);
    await target.press('Enter');
    await page.getByRole('button', { name: 'Trust this server' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('alert').getByText('You did not trust the server').waitFor();
    await page.reload();
    await page.getByLabel('Address').waitFor();
  });
});

describe('a server that was never met', () => {
  test('is told nothing before it is trusted, and is asked about once', async () => {
    const page = await open('trusting nobody');
    await fill(page, 'open sesame');
    const dialog = page.getByRole('dialog');
    await dialog.getByText(server.fingerprint).waitFor();
    await expectNoViolations(page);
    expect(await membersOn()).toBe(0);
    await dialog.getByRole('button', { name: 'Do not' }).click();
    await page.getByRole('alert').getByText('nothing was said to it').waitFor();
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await dialog.getByRole('button', { name: 'Trust this server' }).click();
    await page.getByRole('tree').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).first().innerText()).toBe(hostileName);
    await page.getByRole('button', { name: /menu of the server/ }).click();
    await page.getByRole('menuitem', { name: 'Leave the server' }).click();
    await fill(page, '');
    await page.getByRole('tree').waitFor();
  });

  test('that shows another key is not reached by habit', async () => {
    const profile = `profile ${profiles++}`;
    const other = Array.from({ length: 32 }, () => 'AB').join(':');
    await checkServerPin(
      scratch.in(profile),
      parseServerAddress(server.address),
      { key: other, certificate: other },
      {},
    );
    const page = await open('trusting nobody', profile);
    await fill(page, 'open sesame');
    const accept = page.getByRole('button', { name: 'Trust the new key' });
    await accept.waitFor();
    await expectNoViolations(page);
    expect(await accept.isDisabled()).toBe(true);
    await page.getByLabel('What its owner told you').fill(other);
    expect(await accept.isDisabled()).toBe(true);
    await page.getByLabel('What its owner told you').fill(server.fingerprint);
    await accept.click();
    await page.getByRole('tree').waitFor();
  });
});

describe('the way in', () => {
  test('says what is wrong with a password, and lets one try again', async () => {
    const page = await open('usual');
    await fill(page, 'wrong');
    await page.getByRole('alert').getByText('missing or wrong').waitFor();
    await fill(page, 'open sesame');
    await page.getByRole('tree').waitFor();
  });

  test('is filled by an invitation that is pasted anywhere', async () => {
    const page = await open('usual');
    await page.getByLabel('Address').waitFor();
    const link = 'rookery://talk.example.org:77/?invite=abcd';
    await page.evaluate(
      `{ const data = new DataTransfer(); data.setData('text', '${link}');
      document.body.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })) }`,
    );
    await page.getByText('An invitation to talk.example.org:77').waitFor();
    expect(await page.getByLabel('Address').inputValue()).toBe('talk.example.org:77');
  });
});

describe('kept servers', () => {
  test('show who is there, and stand as they were put after a restart', async () => {
    const profile = `profile ${profiles++}`;
    let page = await open('usual', profile);
    for (const [label, group] of [
      [hostileLabel, ''],
      ['Chess', 'Play'],
      ['Go', 'Play'],
    ] as const) {
      await keep(label, group);
    }
    const rows = page.getByRole('region', { name: 'Kept servers' }).getByRole('listitem');
    await expect.poll(() => rows.first().innerText()).toMatch(/0 of \d+ there[^]*\d+ ms/);
    await expectNoViolations(page);
    await page.getByRole('button', { name: /^Go/ }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => rows.nth(1).innerText()).toContain('Go');
    await page.getByRole('button', { name: 'What to do with Chess' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.getByLabel('Shown as').fill('Shogi');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => rows.nth(2).innerText()).toContain('Shogi');
    await shown.close();
    page = await open('usual', profile);
    const again = page.getByRole('region', { name: 'Kept servers' }).getByRole('listitem');
    await expect.poll(() => again.count()).toBe(3);
    expect(await again.nth(0).innerText()).toContain(hostileLabel);
    expect(await again.nth(1).innerText()).toContain('Go');
    expect(await again.nth(2).innerText()).toContain('Shogi');
  });
});
