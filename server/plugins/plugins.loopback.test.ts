import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPlugin, type PluginFiles } from '@rookery/plugins/buildPlugin';
import { pluginLimits } from '@rookery/plugins/limits';
import { parseManifest } from '@rookery/plugins/manifest';
import { PluginLibrary } from '@rookery/plugins/pluginLibrary';
import type { ShownLog, ShownPlugin } from '@rookery/plugins/shownPlugin';
import { manifestOf } from '@rookery/plugins/testing/pluginStage';
import {
  allocImport,
  buildModule,
  endless,
  hostImport,
  saying,
  storeImport,
} from '@rookery/plugins/testing/wasmBuilder';
import { FrameType } from '@rookery/schemas/frameType';
import type { Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { textToSend } from '@rookery/schemas/testing/textToSend';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serverPluginsLimits } from '../pluginsLimits.js';
import { backUp } from '../store/backup.js';
import { ApiClient, type ApiAnswer } from '../testing/apiClient.js';
import { done, enterRoom, idOf } from '../testing/moderating.js';
import { startRankedServer, type RankedServer } from '../testing/rankedServer.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';

/* Plugins on a real server: installed over its API, met by clients. */

const password = 'a password of somebody';
const names = ['template', 'dice', 'word-filter', 'welcome'] as const;
const files = new Map<string, PluginFiles>();
let folder: string;
let ranked: RankedServer;
let olga: ApiClient;
/** Whom the welcome bot has greeted. */
let greetedId: Uuid;

async function apiOf(name: string): Promise<ApiClient> {
  const api = new ApiClient(ranked.server.running.info.admin.port);
  await api.login('/login', { name, password });
  return api;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rookery-server-plugins-'));
  const building = names.map(async (name) => {
    const source = fileURLToPath(new URL(`../../../examples/plugins/${name}`, import.meta.url));
    files.set(name, await buildPlugin(source, join(folder, name)));
  });
  await Promise.all(building);
  // A plugin that waits for a busy machine is not late.
  const plugin = { ...serverPluginsLimits.plugin, callMsMax: 1_000, faultsMax: 2 };
  const plugins = { ...serverPluginsLimits, plugin };
  ranked = await startRankedServer({ Olga: 'owner', Mara: 'moderator' }, { plugins });
  for (const name of ranked.identities.keys()) {
    const client = await ranked.joinAs(name);
    const passwords = { currentPassword: '', newPassword: password };
    await done(client, { type: FrameType.SetAccountPassword, userId: null, ...passwords });
    client.close();
    await client.untilClosed();
  }
  olga = await apiOf('Olga');
});

afterAll(async () => {
  await ranked.close();
  rmSync(folder, { recursive: true });
});

/** @param manifest as it is, or with other lines than it was built with */
function install(
  { manifestText, module }: Pick<PluginFiles, 'manifestText' | 'module'>,
  isApproved = true,
): Promise<ApiAnswer> {
  const { sha256, permissions } = parseManifest(manifestText);
  return olga.ask('POST', '/plugins', {
    manifest: manifestText,
    module: Buffer.from(module).toString('base64'),
    approval: isApproved ? { sha256, permissions } : null,
  });
}

async function shown(name: string): Promise<ShownPlugin> {
  const { body } = await olga.ask('GET', '/plugins');
  return (body['plugins'] as ShownPlugin[]).find((plugin) => plugin.name === name)!;
}

async function enter(client: TestClient): Promise<TestClient> {
  await done(client, enterRoom(rootRoomId));
  return client;
}

const say = (client: TestClient, text: string): Promise<Uuid> =>
  done(client, textToSend(rootRoomId, text));

const isFrom =
  (name: string) =>
  ({ displayName }: { displayName: string }): boolean =>
    displayName === `${name} (bot)`;

/** Texts of a plugin that a client has seen. */
const textsOf = (client: TestClient, name: string): string[] =>
  client.messages.filter(isFrom(name)).map(({ text }) => text);

const untilTexts = (client: TestClient, name: string, count: number): Promise<void> =>
  client.until(`${name} writes`, () => textsOf(client, name).length >= count);

test('a dice bot answers once approved, under its name, and not when it is off', async () => {
  const ada = await enter(await ranked.server.join({ displayName: 'Ada' }));
  expect((await install(files.get('template')!)).body).toMatchObject({ isRunning: true });
  const { body } = await install(files.get('dice')!, false);
  expect(body).toMatchObject({ isRunning: false, isApproved: false, isEnabled: false });
  expect((await olga.ask('PUT', '/plugins/dice/enabled', { isEnabled: true })).body).toMatchObject({
    code: 'notApproved',
  });
  await say(ada, '!dice 2d6');
  await say(ada, '!hello');
  await untilTexts(ada, 'template', 1);
  expect(textsOf(ada, 'dice')).toEqual([]);

  const { sha256 } = files.get('dice')!.manifest;
  const approved = { sha256, permissions: ['sendText'] };
  await olga.ask('POST', '/plugins/dice/approval', approved);
  await say(ada, '!dice 2d6');
  await untilTexts(ada, 'dice', 1);
  expect(textsOf(ada, 'dice')).toEqual([expect.stringMatching(/^2d6: [1-6] \+ [1-6] = \d+$/)]);

  await olga.ask('PUT', '/plugins/dice/enabled', { isEnabled: false });
  await say(ada, '!dice 2d6');
  await say(ada, '!hello');
  await untilTexts(ada, 'template', 2);
  expect(textsOf(ada, 'dice')).toHaveLength(1);
  await olga.ask('PUT', '/plugins/dice/enabled', { isEnabled: true });
  ada.close();
});

test('nobody comes under the name of a plugin that runs', async () => {
  const client = await ranked.server.connect();
  const answer = await client.login({ displayName: 'dice (bot)' });
  expect(answer.type).toBe(FrameType.AuthFailed);
  client.close();
});

test('a word filter deletes unwanted words, edited ones too, once it has the role', async () => {
  const ada = await enter(await ranked.server.join({ displayName: 'Ada' }));
  await install(files.get('word-filter')!);
  await say(ada, 'darn');
  const { userId } = await shown('word-filter');
  await expect
    .poll(async () => {
      const { body } = await olga.ask('GET', '/plugins/word-filter/log');
      return (body as unknown as ShownLog).lines.map(({ text }) => text);
    })
    .toEqual([expect.stringMatching(/role of a moderator/)]);

  await olga.ask('PUT', `/users/${userId}/role`, { role: 'moderator' });
  expect(await shown('word-filter')).toMatchObject({ role: 'moderator' });
  const isDeleted = (messageId: Uuid) => (): boolean =>
    ada.news.some((one) => one.type === FrameType.MessageDeleted && one.messageId === messageId);
  const first = await say(ada, 'what the heck');
  await ada.until('it is deleted', isDeleted(first));
  const second = await say(ada, 'fine');
  await done(ada, {
    ...{ type: FrameType.EditMessage, roomId: rootRoomId, messageId: second, text: 'darn' },
  });
  await ada.until('it is deleted, too', isDeleted(second));
  const { body } = await olga.ask('GET', '/audit?count=20');
  expect(body['entries']).toContainEqual(
    expect.objectContaining({ action: 'deleteMessage', actorId: userId, targetId: idOf(ada) }),
  );
  ada.close();
});

test('a welcome bot greets people once, also after a restart of the server', async () => {
  const identity = createIdentity();
  await install(files.get('welcome')!);
  const ada = await enter(await ranked.server.join({ identity, displayName: 'Ada' }));
  await untilTexts(ada, 'welcome', 1);
  greetedId = idOf(ada);
  expect(textsOf(ada, 'welcome')).toEqual([expect.stringMatching(/^Welcome, Ada!/)]);

  await ranked.restart();
  olga = await apiOf('Olga');
  expect(await shown('welcome')).toMatchObject({ isEnabled: true, isRunning: true });
  expect(await shown('word-filter')).toMatchObject({ role: 'moderator' });
  const again = await enter(await ranked.server.join({ identity, displayName: 'Ada' }));
  const other = await enter(await ranked.server.join({ displayName: 'Bo' }));
  await untilTexts(other, 'welcome', 1);
  expect(textsOf(again, 'welcome')).toEqual([expect.stringMatching(/^Welcome, Bo!/)]);
  for (const client of [again, other]) client.close();
});

test('a plugin that spins is switched off, and nobody waits for it', async () => {
  const module = buildModule({ body: [endless] });
  const ada = await enter(await ranked.server.join({ displayName: 'Cy' }));
  await install({ manifestText: manifestOf(module, { name: 'spins' }), module });
  // It spins from its start on.
  await say(ada, 'is anybody there?');
  await say(ada, '!hello');
  await untilTexts(ada, 'template', 1);
  await expect
    .poll(async () => (await shown('spins')).offReason, { timeout: 20_000 })
    .toMatch(/after 2 faults.*longer than 1000 ms/);
  expect(await shown('spins')).toMatchObject({ isEnabled: false, isRunning: false });
  ada.close();
});

test('a plugin does nothing that its user may not do', async () => {
  const eve = await enter(await ranked.server.join({ displayName: 'Eve' }));
  const asked = JSON.stringify({ userId: idOf(eve), reason: 'out' });
  const module = buildModule({
    imports: [allocImport, storeImport, hostImport('kickUser')],
    body: [saying(2, asked), [0x1a]],
  });
  const lines = ['permissions = ["moderateUsers"]'];
  await install({ manifestText: manifestOf(module, { name: 'kicks', lines }), module });
  await expect
    .poll(async () => (await shown('kicks')).counts)
    .toMatchObject({ refused: 1, faults: 0 });
  await say(eve, 'still here');
  const { body } = await olga.ask('GET', '/audit?count=5');
  const { userId } = await shown('kicks');
  expect(body['entries']).toContainEqual(
    expect.objectContaining({ action: 'kick', actorId: userId, isRefused: true }),
  );
  eve.close();
});

test('what was changed on the disk is not run', async () => {
  const { dataDirectory } = ranked.server.running.info;
  const path = join(dataDirectory, 'plugins', 'dice', 'plugin.wasm');
  writeFileSync(path, buildModule({ body: [endless] }));
  expect(await olga.ask('PUT', '/plugins/dice/enabled', { isEnabled: true })).toMatchObject({
    status: 400,
    body: { code: 'wrongHash' },
  });
  await install(files.get('dice')!);
});

test('a backup holds plugins, and what they keep', async () => {
  const out = join(folder, 'backup');
  await backUp(ranked.server.running.info.dataDirectory, out);
  const library = new PluginLibrary(join(out, 'plugins'), 'server', pluginLimits);
  const { plugins, broken } = await library.list();
  expect([plugins.length, broken]).toEqual([6, []]);
  const kept = await library.openStore('welcome');
  expect(kept.get(greetedId)).toBe('1');
});

test('tells of plugins in its figures and in the audit log, and removes them', async () => {
  const port = ranked.server.running.info.admin.port;
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  expect(page).toMatch(/^rookery_plugins \d+$/m);
  const counters = ['events', 'dropped_events', 'faults', 'late_events', 'busy_seconds'];
  for (const name of counters) {
    expect(page).toMatch(
      new RegExp(`^rookery_plugin_${name}_total\\{plugin="template"\\} \\d`, 'm'),
    );
  }
  expect(page).toMatch(/^rookery_plugin_longest_event_seconds\{plugin="template"\} 0\.\d+$/m);
  expect((await olga.ask('DELETE', '/plugins/spins')).status).toBe(200);
  expect((await olga.ask('DELETE', '/plugins/spins')).status).toBe(404);
  const { body } = await olga.ask('GET', '/audit?count=50');
  const actions = (body['entries'] as { action: string }[]).map(({ action }) => action);
  expect(actions).toEqual(expect.arrayContaining(['installPlugin', 'removePlugin']));
});

test.each([
  ['GET', '/plugins', undefined],
  ['POST', '/plugins', { manifest: '', module: '', approval: null }],
  ['POST', '/plugins/dice/approval', { sha256: 'a'.repeat(64), permissions: [] }],
  ['PUT', '/plugins/dice/enabled', { isEnabled: false }],
  ['DELETE', '/plugins/dice', undefined],
  ['GET', '/plugins/dice/log', undefined],
] as const)('%s %s is for those who administer', async (method, path, body) => {
  const mara = await apiOf('Mara');
  expect((await mara.ask(method, path, body)).status).toBe(403);
});

test('refuses what is no plugin, in words', async () => {
  const module = buildModule();
  const empty = { manifestText: manifestOf(module), module: new Uint8Array(3) };
  expect(await install(empty)).toMatchObject({ status: 400, body: { code: 'wrongHash' } });
  const asked = { manifest: 'name = 3', module: 'AAAA', approval: null };
  expect(await olga.ask('POST', '/plugins', asked)).toMatchObject({
    status: 400,
    body: { code: 'badManifest', message: expect.stringMatching(/name/) as string },
  });
  expect((await olga.ask('GET', '/plugins/..%2F..%2Fx/log')).status).toBe(404);
});
