// Takes pictures of the client's window: a real server with people who talk and write, a real
// engine, a real Chromium.
//
//   node scripts/screenshots.mjs                the two of the README, into docs/images/
//   node scripts/screenshots.mjs --all FOLDER       every screen, both themes, two sizes, German
//   node scripts/screenshots.mjs --console FOLDER   those of the console alone
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFileDevice } from '../client/dist/src/engine/audio/device/fileDevice.js';
import { openEngine } from '../client/dist/src/engine/engine.js';
import { parseServerAddress } from '../client/dist/src/engine/serverAddress.js';
import { ScratchFolder } from '../client/dist/src/testing/scratchFolder.js';
import { TestServer } from '../client/dist/src/testing/testServer.js';
import { openTestBrowser } from '../client/dist/src/webShell/testing/testBrowser.js';
import { TestWindow } from '../client/dist/src/webShell/testing/testWindow.js';
import { takeConsole } from './consoleScreenshots.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Of Debian's package alsa-utils: a voice that talks. */
const recordedVoice = '/usr/share/sounds/alsa/Front_Center.wav';

const rooms = [
  { name: 'Evening table', description: 'Whoever is here, is here.' },
  { name: 'Workshop', description: 'Soldering, sawing, swearing' },
  { name: 'Reading circle', description: 'Thursdays at eight' },
  { name: 'Quiet room', description: '' },
];

/** Who is where, and whether one hears them. */
const people = [
  { name: 'Merle', room: 'Evening table', talks: true },
  { name: 'Jonas', room: 'Evening table', talks: false },
  { name: 'Aoife', room: 'Evening table', talks: false },
  { name: 'Katarzyna', room: 'Workshop', talks: false },
  { name: 'Tomasz', room: 'Workshop', talks: false },
  { name: 'Noor', room: 'Reading circle', talks: false },
];

const words = [
  ['Jonas', 'Did anybody see the swifts over the station? At least **forty** of them.'],
  ['Merle', 'Yes! They come back every year on the same day, give or take two.'],
  ['Aoife', 'I have the list from last year: `2025-05-03`. So they are early.'],
  ['Jonas', '> give or take two\n\nThen it is settled. Who brings the telescope on Saturday?'],
  ['Merle', 'I do. And Noor asked for the map: https://example.org/map'],
];

async function main(args) {
  const [what, given] = args;
  const folder = what === undefined ? join(root, 'docs', 'images') : given;
  await mkdir(folder, { recursive: true });
  const scratch = await ScratchFolder.make();
  const server = await TestServer.start(scratch.in('server'), ['--name', 'Swift House']);
  const browser = await openTestBrowser();
  const engines = [];
  try {
    await furnish(server, scratch, engines);
    if (what !== '--console') {
      const device = () => openFileDevice({ inPath: recordedVoice, outPath: null, repeat: 'loop' });
      const shown = await TestWindow.open(browser, scratch.in('window'), { open: device });
      await (what === '--all' ? takeAll(shown, server, folder) : takeTwo(shown, server, folder));
      await shown.close();
    }
    if (what !== undefined) await takeConsole(browser, server, scratch.in('server'), folder);
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
    await browser.close();
    await server.stop();
    await scratch.remove();
  }
}

/** Makes rooms, and has people come, write and talk. */
async function furnish(server, scratch, engines) {
  const byName = new Map();
  for (const { name, talks } of people) {
    const device = () => openFileDevice({ inPath: recordedVoice, outPath: null, repeat: 'loop' });
    const engine = openEngine({
      profileFolder: scratch.in(name),
      clientName: 'screenshots/1',
      timeoutMs: 10_000,
      ...(talks && { audio: { open: device } }),
    });
    engines.push(engine);
    byName.set(name, engine);
    await engine.connect({ address: parseServerAddress(server.address), displayName: name });
  }
  const [host] = engines;
  const [lobby] = host.state.view.rooms.keys();
  const roomIds = new Map();
  for (const { name, description } of rooms) {
    const roomId = await host.createRoom(lobby, name);
    if (description !== '') await host.editRoom(roomId, { description });
    roomIds.set(name, roomId);
  }
  for (const { name, room, talks } of people) {
    const engine = byName.get(name);
    await engine.joinRoom(roomIds.get(room));
    if (!talks) continue;
    engine.sound.start();
    engine.sound.setMode('continuous');
  }
  for (const [name, text] of words) {
    await byName.get(name).sendMessage(roomIds.get('Evening table'), text);
  }
  byName.get('Katarzyna').setSelfState({ muted: true, deafened: false });
}

async function comeIn(page, shown, server) {
  await shown.connect(page, server.address, 'Ada');
  await page.getByRole('treeitem', { name: /^Evening table/ }).dblclick();
  await page.getByRole('treeitem', { name: /^Merle talks/ }).waitFor();
  await page
    .getByRole('article')
    .nth(words.length - 1)
    .waitFor();
}

/** A window's pictures are of the same size on every machine. */
async function newPage(shown, theme, size = { width: 1280, height: 800 }) {
  await shown.host.changeSettings({ theme });
  const page = await shown.newPage();
  await page.setViewportSize(size);
  return page;
}

async function takeTwo(shown, server, folder) {
  const page = await newPage(shown, 'dark');
  await comeIn(page, shown, server);
  for (const theme of ['dark', 'light']) {
    await shown.host.changeSettings({ theme });
    await page.locator(`html[data-theme=${theme}]`).waitFor();
    await page.screenshot({ path: join(folder, `window-${theme}.png`), animations: 'disabled' });
  }
}

/** How to come to each screen from the room that one is in; Escape leads back. */
const screens = {
  room: async () => undefined,
  keys: (page) => page.keyboard.press('?'),
  overlay: (page) => page.keyboard.press('F3'),
  search: (page) => page.keyboard.press('Control+f'),
  'menu of a person': async (page) => {
    await page.getByRole('treeitem', { name: /^Merle/ }).click({ button: 'right' });
  },
  'menu of a room': async (page) => {
    await page.getByRole('treeitem', { name: /^Workshop/ }).click({ button: 'right' });
  },
};

async function takeAll(shown, server, folder) {
  const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 900, height: 600 } };
  for (const theme of ['dark', 'light']) {
    for (const [name, size] of Object.entries(sizes)) {
      const page = await newPage(shown, theme, size);
      const take = async (screen) => {
        await page.screenshot({ path: join(folder, `${screen}-${theme}-${name}.png`) });
        // German words are long, and a narrow window has little room for them.
        if (name === 'narrow') await takeGerman(page, shown, `${screen}-${theme}-german`, folder);
      };
      await page.getByLabel('Address').waitFor();
      await take('connect');
      await comeIn(page, shown, server);
      for (const [screen, open] of Object.entries(screens)) {
        await open(page);
        await settled(page);
        await take(screen.replaceAll(' ', '-'));
        await (screen === 'overlay' ? page.keyboard.press('F3') : page.keyboard.press('Escape'));
      }
      await takeDialog(page, take, 'Settings', 'settings');
      await takeDialog(page, take, 'Administration', 'administration');
      await page.close();
      await shown.host.disconnect();
    }
  }
}

/** The same screen in another language, and back. */
async function takeGerman(page, shown, name, folder) {
  await shown.host.changeSettings({ language: 'de' });
  await settled(page);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await shown.host.changeSettings({ language: 'en' });
  await settled(page);
}

/** Each page of a dialog that lists its pages on the left. */
async function takeDialog(page, take, title, screen) {
  const direct = page.getByRole('button', { name: title, exact: true });
  if ((await direct.count()) > 0) {
    await direct.click();
  } else {
    await page.getByRole('button', { name: 'Menu of the server' }).click();
    await page.getByRole('menuitem', { name: title }).click();
  }
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.waitFor();
  const pages = dialog.getByRole('navigation').getByRole('button');
  for (let i = 0; i < (await pages.count()); i += 1) {
    await pages.nth(i).click();
    await settled(page);
    await take(`${screen}-${i + 1}`);
  }
  await page.keyboard.press('Escape');
}

/** What was opened stands still. */
async function settled(page) {
  await page.waitForTimeout(350);
}

await main(process.argv.slice(2));
