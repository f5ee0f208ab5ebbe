// Pictures of every page of the console of a real server, with bots that talk: for screenshots.mjs.
import { join } from 'node:path';
import { runRookery } from '../client/dist/src/testing/rookeryProcess.js';
import { TestConsole } from '../client/dist/src/webShell/testing/testConsole.js';

const account = { name: 'Ada', password: 'a password for pictures' };

const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 900, height: 600 } };

/** Plots of less than that look empty. */
const plottedMs = 15_000;

/** What opens which dialog of which page. */
const dialogs = {
  rooms: ['What can be done with Lobby', 'Who may do what'],
  bans: ['Ban an address', null],
};

/**
 * @param server a TestServer
 * @param dataFolder where its data are
 * @param folder where the pictures go
 */
export async function takeConsole(browser, server, dataFolder, folder) {
  const { stdout } = await runRookery(['owner-token', '--data', dataFolder]);
  const { accessToken } = await ask(server, '/owner', { ...account, ownerToken: stdout.trim() });
  const login = await TestConsole.open(browser, server.adminPort, { colorScheme: 'dark' });
  await login.page.getByLabel('Password').waitFor();
  await take(login.page, folder, 'console-login-dark-wide');
  await login.close();
  const bots = { count: 40, speakers: 4, rooms: 5, seconds: 600, ramp: 40 };
  await ask(server, '/stress-test', bots, accessToken);
  for (const colorScheme of ['dark', 'light']) {
    await takeTheme(browser, server, folder, colorScheme);
  }
  const address = `http://127.0.0.1:${server.adminPort}/api/v1/stress-test`;
  await fetch(address, { method: 'DELETE', headers: bearer(accessToken) });
}

async function takeTheme(browser, server, folder, colorScheme) {
  const english = await open(browser, server, { colorScheme });
  const { page } = english;
  await page.locator('[data-figure=sessions]').waitFor();
  await page.waitForTimeout(plottedMs);
  for (const id of await pageIds(page)) {
    await show(page, id);
    for (const [name, size] of Object.entries(sizes)) {
      await page.setViewportSize(size);
      await take(page, folder, `console-${id}-${colorScheme}-${name}`);
    }
    await takeDialog(page, folder, id, colorScheme);
  }
  await english.close();
  const german = await open(browser, server, {
    colorScheme,
    locale: 'de-DE',
    viewport: sizes.narrow,
  });
  await german.page.locator('[data-figure=sessions]').waitFor();
  for (const id of await pageIds(german.page)) {
    await show(german.page, id);
    await take(german.page, folder, `console-${id}-${colorScheme}-german`);
  }
  await german.close();
}

async function takeDialog(page, folder, id, colorScheme) {
  const way = dialogs[id];
  if (way === undefined) return;
  const [button, item] = way;
  await page.getByRole('button', { name: button }).click();
  if (item !== null) await page.getByRole('menuitem', { name: item }).click();
  await page.getByRole('dialog').waitFor();
  await take(page, folder, `console-${id}-dialog-${colorScheme}-narrow`);
  await page.keyboard.press('Escape');
}

/** A page that goes on with a session of its own. */
async function open(browser, server, view) {
  const { refreshToken } = await ask(server, '/login', account);
  const opened = await TestConsole.open(browser, server.adminPort, view);
  await opened.page.evaluate(`sessionStorage.setItem('rookery-refresh', '${refreshToken}')`);
  await opened.page.reload();
  return opened;
}

/** Of the navigation, by their addresses. */
async function pageIds(page) {
  const links = await page.getByRole('navigation').getByRole('link').all();
  const addresses = await Promise.all(links.map((link) => link.getAttribute('href')));
  return addresses.map((address) => address.replace('/console/', '') || 'overview');
}

async function show(page, id) {
  await page.locator(`nav a[href="/console/${id === 'overview' ? '' : id}"]`).click();
}

async function take(page, folder, name) {
  // What was opened stands still.
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}

const bearer = (accessToken) => ({ authorization: `Bearer ${accessToken}` });

async function ask(server, path, body, accessToken = null) {
  const response = await fetch(`http://127.0.0.1:${server.adminPort}/api/v1${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(accessToken !== null && bearer(accessToken)),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}
