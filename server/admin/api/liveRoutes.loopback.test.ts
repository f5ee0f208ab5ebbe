import type { Happening, LiveFigures } from '@rookery/schemas/adminApi';
import { FrameType } from '@rookery/schemas/frameType';
import { rootRoomId } from '@rookery/schemas/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiClient } from '../../testing/apiClient.js';
import { EventReader } from '../../testing/eventReader.js';
import { done } from '../../testing/moderating.js';
import { startRankedServer, type RankedServer } from '../../testing/rankedServer.js';

const password = 'a password of somebody';
let ranked: RankedServer;
let port = 0;

beforeAll(async () => {
  ranked = await startRankedServer({ Olga: 'owner', Mara: 'moderator' });
  port = ranked.server.running.info.admin.port;
  for (const name of ranked.identities.keys()) {
    const client = await ranked.joinAs(name);
    await done(client, {
      ...{ type: FrameType.SetAccountPassword, userId: null },
      ...{ currentPassword: '', newPassword: password },
    });
    client.close();
    await client.untilClosed();
  }
});
afterAll(() => ranked.close());

async function as(name: string): Promise<ApiClient> {
  const api = new ApiClient(port);
  expect(await api.login('/login', { name, password })).toMatchObject({ status: 200 });
  return api;
}

async function listen(api: ApiClient): Promise<EventReader> {
  const reader = new EventReader();
  expect(await reader.open(port, '/events', api.accessToken!)).toBe(200);
  return reader;
}

interface Happened {
  readonly happenings: readonly Happening[];
}

test('tells the figures that /metrics tells', async () => {
  const reader = await listen(await as('Olga'));
  const client = await ranked.server.join();
  const isHere = ({ sessions }: LiveFigures): boolean => sessions === 1;
  const figures = (await reader.until('figures', isHere)) as LiveFigures;
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const told = (name: string): number =>
    Number(new RegExp(`^${name} (.*)$`, 'm').exec(metrics)![1]);
  expect(figures.sessions).toBe(told('rookery_sessions'));
  expect(figures.rooms).toBe(told('rookery_rooms'));
  expect(figures.voice.framesOut).toBe(told('rookery_voice_sent_frames_total'));
  expect(told('rookery_speakers')).toBe(0);
  expect(told('rookery_thread_busy_seconds_total{thread="main"}')).toBeGreaterThan(0);
  expect(figures.threadSeconds).toHaveProperty('relay_0');
  expect(figures.rssBytes).toBeGreaterThan(1_000_000);
  client.close();
  reader.close();
});

test('tells who comes, moves and goes, and what was done by whom', async () => {
  const olga = await as('Olga');
  const reader = await listen(olga);
  const noisy = await ranked.server.join({ displayName: 'Noisy' });
  const has = (kind: string, name: string) => (data: Happened) =>
    data.happenings.some((one) => one.kind === kind && 'userId' in one && one.displayName === name);
  await reader.until('happened', has('came', 'Noisy'));
  const { userId } = noisy.self;
  const made = await olga.ask('POST', '/rooms', { parentId: rootRoomId, name: 'Aside' });
  const roomId = made.body['createdId'] as string;
  await olga.ask('POST', `/users/${userId}/move`, { roomId });
  await reader.until('happened', has('moved', 'Noisy'));
  await olga.ask('POST', `/users/${userId}/kick`, { reason: 'noise' });
  await reader.until('happened', has('went', 'Noisy'));
  await reader.until('happened', ({ happenings }: Happened) =>
    happenings.some((one) => one.kind === 'act' && one.action === 'kick' && one.detail === 'noise'),
  );
  reader.close();
  await noisy.untilClosed();
});

test('tells of hidden rooms nothing to who may not see them', async () => {
  const [olga, mara] = [await as('Olga'), await as('Mara')];
  const made = await olga.ask('POST', '/rooms', { parentId: rootRoomId, name: 'Hidden' });
  const roomId = made.body['createdId'] as string;
  const entry = { principal: { type: 'role', role: 'moderator' }, denies: ['traverse'] };
  const { version } = (await olga.ask('GET', `/rooms/${roomId}/rules`)).body;
  const rules = { version, entries: [entry], inherits: true };
  expect((await olga.ask('PUT', `/rooms/${roomId}/rules`, rules)).status).toBe(200);
  const [sees, seesNot] = [await listen(olga), await listen(mara)];
  const guest = await ranked.server.join({ displayName: 'Secretive' });
  const { userId } = guest.self;
  await olga.ask('POST', `/users/${userId}/move`, { roomId });
  await olga.ask('PUT', '/message-of-the-day', { text: 'after it' });
  const isAfter = ({ happenings }: Happened): boolean =>
    happenings.some((one) => one.kind === 'act' && one.detail === 'after it');
  await seesNot.until('happened', isAfter);
  await sees.until('happened', isAfter);
  const moves = (reader: EventReader): Happening[] =>
    reader.events
      .flatMap(({ name, data }) => (name === 'happened' ? (data as Happened).happenings : []))
      .filter(({ kind }) => kind === 'moved');
  expect(moves(sees)).toHaveLength(1);
  expect(moves(seesNot)).toEqual([]);
  for (const reader of [sees, seesNot]) reader.close();
  guest.close();
});

test('ends with the session, and begins with none', async () => {
  const olga = await as('Olga');
  const reader = await listen(olga);
  await olga.ask('POST', '/logout', { refreshToken: olga.refreshToken });
  await reader.ended;
  const stranger = new EventReader();
  expect(await stranger.open(port, '/events', olga.accessToken!)).toBe(401);
  expect(await stranger.open(port, '/events', 'nonsense')).toBe(401);
});
