import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { MemorySecrets } from '../testing/memorySecrets.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';
import type { Bookmark } from './bookmarks.js';
import { ClientHost } from './clientHost.js';

let scratch: ScratchFolder;
let server: TestServer;
let host: ClientHost;
let secrets: MemorySecrets;
let profiles = 0;

beforeAll(async () => {
  scratch = await ScratchFolder.make();
  server = await TestServer.start(scratch.in('server'), ['--password', 'open sesame']);
});
beforeEach(async () => {
  secrets = new MemorySecrets();
  host = await ClientHost.open({
    newServers: 'remember',
    profileFolder: scratch.in(`profile ${profiles++}`),
    clientName: 'test/1',
    timeoutMs: 5_000,
    reconnectMs: 0,
    keychain: () => Promise.resolve(secrets),
  });
});
afterEach(() => host.close());
afterAll(async () => {
  await server.stop();
  await scratch.remove();
});

async function addHome(): Promise<string> {
  const { address } = server;
  return host.addBookmark({ label: 'Home', address, nickname: 'Ada', group: '' });
}

async function writtenBookmarks(): Promise<string> {
  return readFile(scratch.in(`profile ${profiles - 1}`, 'bookmarks.json'), 'utf8');
}

test('comes in by a bookmark with the password that the keychain keeps', async () => {
  const bookmarkId = await addHome();
  const wish = { address: server.address, nickname: 'Ada', bookmarkId };
  await expect(host.connect(wish)).rejects.toMatchObject({ code: 'wrongPassword' });
  await host.keepPassword(bookmarkId, 'open sesame');
  await host.connect(wish);
  expect(host.engine.state.connection.phase).toBe('connected');
  const text = await writtenBookmarks();
  expect(text).toContain('"hasPassword": true');
  expect(text).not.toContain('open sesame');
});

test('shows a kept password to no other server', async () => {
  const bookmarkId = await addHome();
  await host.keepPassword(bookmarkId, 'open sesame');
  // As a window might ask for it, or whoever changed a bookmark.
  const elsewhere = server.address.replace('127.0.0.1', 'localhost');
  const wish = { address: elsewhere, nickname: 'Ada', bookmarkId };
  await expect(host.connect(wish)).rejects.toMatchObject({ code: 'wrongPassword' });
  await host.changeBookmark(bookmarkId, { address: elsewhere });
  expect(secrets.kept.size).toBe(0);
  expect(await writtenBookmarks()).toContain('"hasPassword": false');
});

test('no window says of a bookmark that it has a password', async () => {
  const bookmarkId = await addHome();
  const change = { label: 'House', hasPassword: true } as Partial<Bookmark>;
  await host.changeBookmark(bookmarkId, change);
  const text = await writtenBookmarks();
  expect(text).toContain('House');
  expect(text).toContain('"hasPassword": false');
});

test('forgets a password on demand, and with its bookmark', async () => {
  const bookmarkId = await addHome();
  await host.keepPassword(bookmarkId, 'open sesame');
  await host.forgetPassword(bookmarkId);
  expect(secrets.kept.size).toBe(0);
  expect(await writtenBookmarks()).toContain('"hasPassword": false');
  await host.keepPassword(bookmarkId, 'open sesame');
  secrets.isLocked = true;
  await host.removeBookmark(bookmarkId);
  expect(await writtenBookmarks()).not.toContain(bookmarkId);
});

test.each(['', 'x'.repeat(10_000)])('refuses to keep what is no password', async (text) => {
  const bookmarkId = await addHome();
  const kept = host.keepPassword(bookmarkId, text);
  await expect(kept).rejects.toMatchObject({ code: 'invalidInput' });
});
