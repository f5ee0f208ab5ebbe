import { writeFile } from 'node:fs/promises';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { BridgeFace } from '../bridge/bridgeFace.js';
import { MessagePortFace } from '../bridge/messagePortFace.js';
import { remoteCommands, type RemoteCommands } from '../bridge/remoteCommands.js';
import type { ClientState } from '../host/clientState.js';
import type { UpdatesState } from '../host/updatesState.js';
import { releaseKey } from '@rookery/schemas/testing/signedRelease';
import { pagePort } from '../testing/electronPorts.js';
import { ReleaseFolder } from '../testing/releaseFolder.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import type { ThreadOrder } from '../testing/engineThreadWorker.js';
import { EngineKeeper, type EngineChild } from './engineKeeper.js';
import type { ShellGlance, ShellNews } from './shellMessages.js';

/** An engine takes its time to load on a busy machine. */
const eventually = { timeout: 20_000 };

let scratch: ScratchFolder;
let keeper: EngineKeeper<MessagePort>;
let workers: Worker[];
let glances: ShellGlance[];
let updates: UpdatesState[];
let faults: string[];
let gone: number;
let profiles = 0;

beforeAll(async () => {
  scratch = await ScratchFolder.make();
});
beforeEach(() => {
  [workers, glances, updates, faults, gone] = [[], [], [], [], 0];
});
afterEach(() => keeper.close());
afterAll(() => scratch.remove());

/** Keeps an engine in a thread: it dies as a process does, and its ports with it. */
function keep(profileFolder: string): void {
  keeper = new EngineKeeper({
    start: () => startThread(profileFolder),
    onNews: (news) => {
      if (news.kind === 'glance') glances.push(news.glance);
      else updates.push(news.updates);
    },
    onGone: () => gone++,
    onGaveUp: (message) => faults.push(message),
  });
  keeper.start();
}

function startThread(profileFolder: string): EngineChild<MessagePort> {
  const entry = new URL('../testing/engineThreadWorker.js', import.meta.url);
  const worker = new Worker(entry, { workerData: { profileFolder } });
  workers.push(worker);
  const child: EngineChild<MessagePort> = {
    post: (order, ports) => worker.postMessage({ order, ports } satisfies ThreadOrder, [...ports]),
    kill: () => void worker.terminate(),
    onNews: () => undefined,
    onExit: () => undefined,
  };
  worker.on('message', (news: ShellNews) => child.onNews(news));
  worker.once('exit', () => child.onExit());
  return child;
}

interface TestWindow {
  readonly commands: RemoteCommands;
  readonly mirror: { state: object };
  readonly shown: () => Partial<ClientState>;
}

/** A window, as its page has one. */
function openWindow(): TestWindow {
  const { port1, port2 } = new MessageChannel();
  const face = new MessagePortFace();
  face.attach(pagePort(port2));
  const mirror = {
    state: {},
    replace(state: object) {
      this.state = state;
    },
  };
  const bridge = new BridgeFace(face, mirror, () => undefined);
  expect(keeper.addWindow(port1)).toBe(true);
  const commands = remoteCommands((command, args) => bridge.call(command, args));
  return { commands, mirror, shown: () => mirror.state };
}

test('windows, tray and opened links act on one engine', async () => {
  keep(scratch.in(`profile ${profiles++}`));
  const [first, second] = [openWindow(), openWindow()];
  await first.commands.sound.setMuted(true);
  await expect.poll(() => second.shown().audio?.settings.isMuted, eventually).toBe(true);
  await expect
    .poll(() => glances.at(-1), eventually)
    .toMatchObject({ isMuted: true, closesToTray: false });
  await second.commands.shell.changeSettings({ closesToTray: true, language: 'de' });
  await expect
    .poll(() => glances.at(-1), eventually)
    .toMatchObject({ isMuted: true, closesToTray: true, language: 'de' });
  keeper.tell({ kind: 'toggleDeafen' });
  await expect.poll(() => first.shown().audio?.isDeafened, eventually).toBe(true);
  keeper.tell({ kind: 'toggleDeafen' });
  await expect.poll(() => first.shown().audio?.isDeafened, eventually).toBe(false);
  keeper.tell({ kind: 'link', text: 'rookery://example.org/?nonsense' });
  keeper.tell({ kind: 'link', text: 'rookery://example.org:4433/?invite=abc' });
  await expect
    .poll(() => first.shown().pendingLink, eventually)
    .toMatchObject({ address: 'example.org:4433', inviteCode: 'abc' });
});

test('the tray asks for newer versions and hears what is known', async () => {
  keep(scratch.in(`profile ${profiles++}`));
  const window = openWindow();
  keeper.tell({ kind: 'lookForUpdates' });
  await expect.poll(() => updates, eventually).toMatchObject([{ problem: 'noAddress' }]);
  const release = await ReleaseFolder.open();
  try {
    release.publish('999.0.0');
    const { url: updateUrl } = release;
    await window.commands.shell.changeSettings({ updateUrl, updateKey: releaseKey });
    keeper.tell({ kind: 'lookForUpdates' });
    await expect
      .poll(() => updates[1], eventually)
      .toMatchObject({ outcome: { kind: 'newer', version: { version: '999.0.0' } } });
  } finally {
    await release.close();
  }
});

test('an engine that dies is started again, until it is to quit', async () => {
  keep(scratch.in(`profile ${profiles++}`));
  const before = openWindow();
  await before.commands.shell.changeSettings({ nickname: 'Ada' });
  await workers[0]!.terminate();
  expect(gone).toBe(1);
  expect(keeper.addWindow(new MessageChannel().port1)).toBe(false);
  await expect.poll(() => workers.length, eventually).toBe(2);
  const after = openWindow();
  await expect.poll(() => after.shown().settings?.nickname, eventually).toBe('Ada');
  await keeper.close();
  expect(gone).toBe(2);
  expect(workers).toHaveLength(2);
});

test('an engine that can never start says why, once', async () => {
  const blocked = scratch.in('no folder');
  await writeFile(blocked, '');
  keep(blocked);
  await expect.poll(() => faults.length, eventually).toBe(1);
  expect(faults[0]).toMatch(/ENOTDIR|not a directory/);
  expect(workers).toHaveLength(1);
});
