import { FrameType } from '@rookery/schemas/frameType';
import { rootRoomId } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../testing/apiClient.js';
import { ask, someBytes, upload } from '../../testing/fileTransfers.js';
import { done, enterRoom } from '../../testing/moderating.js';
import { startRankedServer, type RankedServer } from '../../testing/rankedServer.js';
import type { TestClient } from '../../testing/testClient.js';

const password = 'a password of somebody';
let ranked: RankedServer;
let mona: ApiClient;
let tom: TestClient;

beforeAll(async () => {
  ranked = await startRankedServer({ Olga: 'owner', Mona: 'moderator', Tom: 'member' });
  for (const name of ['Olga', 'Mona']) {
    const client = await ranked.joinAs(name);
    await done(client, {
      ...{ type: FrameType.SetAccountPassword, userId: null },
      ...{ currentPassword: '', newPassword: password },
    });
    client.close();
    await client.untilClosed();
  }
  mona = await as('Mona');
  tom = await ranked.joinAs('Tom');
  await done(tom, enterRoom(rootRoomId));
});
afterAll(() => ranked.close());

async function as(name: string): Promise<ApiClient> {
  const api = new ApiClient(ranked.server.running.info.admin.port);
  expect((await api.login('/login', { name, password })).status).toBe(200);
  return api;
}

async function listed(api = mona): Promise<unknown[]> {
  return (await api.ask('GET', '/uploads')).body['uploads'] as unknown[];
}

async function isThere(uploadId: string): Promise<boolean> {
  return (await ask(tom, { type: FrameType.ReadFile, uploadId })).type === FrameType.FileInfo;
}

test('files of rooms are listed with who sent them, and taken away', async () => {
  const { uploadId } = await upload(tom, { bytes: someBytes(5_000), name: 'nest.bin' });
  expect(await listed()).toMatchObject([
    { uploadId, userName: 'Tom', roomId: rootRoomId, name: 'nest.bin', sizeBytes: 5_000 },
  ]);
  const removed = await mona.ask('DELETE', `/uploads/${uploadId}`, { reason: 'not ours' });
  expect(removed).toMatchObject({ status: 200 });
  expect(await isThere(uploadId)).toBe(false);
  expect(await listed()).toEqual([]);
  const { body } = await mona.ask('GET', '/audit?count=1');
  expect(body['entries']).toMatchObject([
    { action: 'removeFile', detail: `nest.bin, file ${uploadId}: not ours`, isRefused: false },
  ]);
  const again = await mona.ask('DELETE', `/uploads/${uploadId}`);
  expect(again).toMatchObject({ status: 404, body: { code: 'noSuchFile' } });
});

test('files of rooms that one may not see are neither listed nor taken away', async () => {
  const olga = await as('Olga');
  const made = await olga.ask('POST', '/rooms', { parentId: rootRoomId, name: 'Aside' });
  const roomId = made.body['createdId'] as string;
  await done(tom, enterRoom(roomId));
  const { uploadId } = await upload(tom, { bytes: someBytes(5_000, 2), placeId: roomId });
  const entry = { principal: { type: 'role', role: 'moderator' }, denies: ['traverse'] };
  const { version } = (await olga.ask('GET', `/rooms/${roomId}/rules`)).body;
  const rules = { version, entries: [entry], inherits: true };
  expect((await olga.ask('PUT', `/rooms/${roomId}/rules`, rules)).status).toBe(200);
  expect(await listed()).toEqual([]);
  expect(await listed(olga)).toMatchObject([{ uploadId }]);
  const refused = await mona.ask('DELETE', `/uploads/${uploadId}`);
  expect([403, 404]).toContain(refused.status);
  expect(await listed(olga)).toMatchObject([{ uploadId }]);
});

test.each([
  ['no id', 'everything', 400],
  ['an id of nothing', newUuid(), 404],
])('%s takes nothing away', async (_what, uploadId, status) => {
  expect((await mona.ask('DELETE', `/uploads/${uploadId}`)).status).toBe(status);
});

test('nobody lists or takes away without a token', async () => {
  const stranger = new ApiClient(ranked.server.running.info.admin.port);
  expect((await stranger.ask('GET', '/uploads')).status).toBe(401);
  expect((await stranger.ask('DELETE', `/uploads/${newUuid()}`)).status).toBe(401);
});
