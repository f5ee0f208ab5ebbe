import { createHmac } from 'node:crypto';
import { FrameType } from '@rookery/schemas/frameType';
import { userIdOf } from '@rookery/schemas/loginMessage';
import { rootRoomId } from '@rookery/schemas/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditActionOf } from '../../moderation/auditedCommands.js';
import { ApiClient } from '../../testing/apiClient.js';
import { done } from '../../testing/moderating.js';
import { startRankedServer, type RankedServer } from '../../testing/rankedServer.js';
import { startTestServer, type TestServer } from '../../testing/testServer.js';
import { commandRoutes } from './commandRoutes.js';

const password = 'a password of somebody';
let ranked: RankedServer;
let port = 0;

beforeAll(async () => {
  ranked = await startRankedServer({ Olga: 'owner', Mara: 'moderator', Gus: 'member' });
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
const idOf = (name: string): string => userIdOf(ranked.identities.get(name)!.publicKey);

describe('who comes in', () => {
  test('is told who it is and what it may do', async () => {
    const olga = await as('Olga');
    const { body } = await olga.ask('GET', '/me');
    expect(body).toMatchObject({ userId: idOf('Olga'), displayName: 'Olga', role: 'owner' });
    expect(body['permissions']).toContain('administer');
  });

  test('needs the right password, an account, and something to run', async () => {
    const stranger = new ApiClient(port);
    const wrong = await stranger.login('/login', { name: 'Olga', password: 'another' });
    const unknown = await stranger.login('/login', { name: 'Nobody', password });
    const member = await stranger.login('/login', { name: 'Gus', password });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'wrongAccountPassword' } });
    expect(unknown).toEqual(wrong);
    expect(member).toEqual(wrong);
    expect((await stranger.ask('GET', '/me')).status).toBe(401);
  });

  test('goes on by a token that is good once', async () => {
    const olga = await as('Olga');
    const { refreshToken } = olga;
    expect((await olga.login('/renew', { refreshToken })).status).toBe(200);
    expect((await olga.ask('GET', '/me')).status).toBe(200);
    const thief = new ApiClient(port);
    expect((await thief.login('/renew', { refreshToken })).status).toBe(401);
    // Nobody knows who of the two the thief is.
    expect((await olga.ask('GET', '/me')).status).toBe(401);
  });

  test('may end it', async () => {
    const olga = await as('Olga');
    const { refreshToken } = olga;
    expect((await olga.ask('POST', '/logout', { refreshToken })).status).toBe(204);
    expect((await olga.ask('GET', '/me')).status).toBe(401);
  });

  test.each([
    ['no token', null],
    ['nonsense', 'nonsense'],
    ['a token without a signature', unsigned({ sessionId: 'x' })],
    ['a token that somebody else signed', signed({ sessionId: 'x' }, 'another key')],
  ])('is refused with %s', async (_what, accessToken) => {
    const stranger = new ApiClient(port);
    stranger.accessToken = accessToken;
    for (const path of ['/me', '/bans', '/rooms', '/server']) {
      expect(await stranger.ask('GET', path)).toMatchObject({
        status: 401,
        body: { code: 'loginNeeded' },
      });
    }
  });
});

describe('who runs the server', () => {
  test('makes, changes and removes rooms, as clients see at once', async () => {
    const olga = await as('Olga');
    const client = await ranked.server.join();
    const made = await olga.ask('POST', '/rooms', { parentId: rootRoomId, name: 'Quiet' });
    const roomId = made.body['createdId'] as string;
    await client.until('the room', () => client.rooms.get(roomId)?.name === 'Quiet');
    expect((await olga.ask('PATCH', `/rooms/${roomId}`, { userLimit: 5 })).status).toBe(200);
    await client.until('the limit', () => client.rooms.get(roomId)?.userLimit === 5);
    const { body } = await olga.ask('GET', '/rooms');
    expect(body['rooms']).toContainEqual(expect.objectContaining({ roomId, userLimit: 5 }));
    expect((await olga.ask('DELETE', `/rooms/${roomId}`)).status).toBe(200);
    await client.until('it gone', () => !client.rooms.has(roomId));
    client.close();
  });

  test('sees who is here, throws somebody out, and is named in the log', async () => {
    const olga = await as('Olga');
    const noisy = await ranked.server.join({ displayName: 'Noisy' });
    const { body } = await olga.ask('GET', '/sessions');
    expect(body['sessions']).toContainEqual(expect.objectContaining({ displayName: 'Noisy' }));
    const { userId } = noisy.self;
    expect((await olga.ask('POST', `/users/${userId}/kick`, { reason: 'noise' })).status).toBe(200);
    await noisy.untilClosed();
    const audit = await olga.ask('GET', '/audit?count=1');
    expect(audit.body['entries']).toMatchObject([
      { action: 'kick', actorId: idOf('Olga'), targetId: userId, detail: 'noise' },
    ]);
  });

  test('does no more than its role may, and that is in the log', async () => {
    const [olga, mara] = [await as('Olga'), await as('Mara')];
    expect((await mara.ask('GET', '/bans')).status).toBe(200);
    const refused = await mara.ask('PUT', '/message-of-the-day', { text: 'Mine' });
    expect(refused).toMatchObject({ status: 403, body: { code: 'notPermitted' } });
    const audit = await olga.ask('GET', '/audit?count=1');
    expect(audit.body['entries']).toMatchObject([
      { action: 'setMessageOfTheDay', actorId: idOf('Mara') },
    ]);
  });

  test('may do less as soon as its role is less', async () => {
    const [olga, mara] = [await as('Olga'), await as('Mara')];
    const give = async (role: string): Promise<void> => {
      const answer = await olga.ask('PUT', `/users/${idOf('Mara')}/role`, { role });
      expect(answer).toMatchObject({ status: 200 });
    };
    await give('guest');
    expect((await mara.ask('GET', '/bans')).status).toBe(403);
    await give('moderator');
    expect((await mara.ask('GET', '/bans')).status).toBe(200);
  });

  test('tells permissions by name, both ways', async () => {
    const olga = await as('Olga');
    const path = `/rooms/${rootRoomId}/rules`;
    const before = (await olga.ask('GET', path)).body;
    const entry = {
      principal: { type: 'everyone' },
      ...{ appliesHere: true, appliesBelow: false, grants: [], denies: ['whisper'] },
    };
    const { version } = before;
    const put = { version, entries: [entry], inherits: true };
    expect((await olga.ask('PUT', path, put)).status).toBe(200);
    expect((await olga.ask('GET', path)).body['entries']).toEqual([entry]);
    expect(await olga.ask('PUT', path, put)).toMatchObject({
      status: 409,
      body: { code: 'outdated' },
    });
  });
});

describe('a request that is wrong', () => {
  test.each([
    ['an id that is none', 'DELETE', '/bans/everything', undefined, 400],
    ['a field that there is not', 'POST', '/bans', { everybody: true }, 400],
    ['a text that is too long', 'PUT', '/message-of-the-day', { text: 'x'.repeat(20_000) }, 400],
    ['somebody who is not there', 'POST', `/users/${rootRoomId}/kick`, {}, 404],
    ['a route that there is not', 'GET', '/everything', undefined, 404],
    ['a path that climbs', 'GET', '/../../../etc/passwd', undefined, 404],
    ['a path that climbs in disguise', 'GET', '/rooms/%2e%2e%2f%2e%2e/rules', undefined, 400],
  ])('for %s is told so', async (_what, method, path, body, status) => {
    const olga = await as('Olga');
    const answer = await olga.ask(method, path, body);
    expect(answer).toMatchObject({ status, body: { code: expect.any(String) as string } });
  });

  test('with a huge body, or no JSON, changes nothing', async () => {
    const olga = await as('Olga');
    const path = '/api/v1/message-of-the-day';
    const huge = await olga.send('PUT', path, JSON.stringify({ text: 'x'.repeat(300_000) }));
    expect(huge.status).toBe(413);
    const form = await olga.send('PUT', path, 'text=Mine', 'application/x-www-form-urlencoded');
    expect(form.status).toBe(415);
    expect((await olga.send('PUT', path, '{"text":')).status).toBe(400);
  });
});

test('every route is described, and what changes something is in the log', async () => {
  const { body } = await new ApiClient(port).ask('GET', '/openapi.json');
  const paths = body['paths'] as Record<string, Record<string, unknown>>;
  for (const { method, path, command } of commandRoutes) {
    const documented = `/api/v1${path.replaceAll(/:(\w+)/g, '{$1}')}`;
    expect(paths[documented]?.[method.toLowerCase()], `${method} ${path}`).toBeDefined();
    const { type } = command({ grants: [], registration: 'open' } as never);
    if (method !== 'GET') expect(auditActionOf(type), `${method} ${path}`).not.toBeNull();
  }
});

describe('the first time', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  test('the token of the owner makes an account that owns the server, once', async () => {
    const { info, ownerToken } = server.running;
    const first = new ApiClient(info.admin.port);
    const given = { ownerToken: ownerToken!, name: 'Olga', password };
    expect(await first.login('/owner', { ...given, password: 'short' })).toMatchObject({
      status: 400,
    });
    expect((await first.login('/owner', given)).status).toBe(200);
    expect((await first.ask('GET', '/me')).body).toMatchObject({ role: 'owner' });
    const second = new ApiClient(info.admin.port);
    const again = await second.login('/owner', { ...given, name: 'Mallory' });
    expect(again).toMatchObject({ status: 401, body: { code: 'badCode' } });
    expect((await second.login('/login', { name: 'Mallory', password })).status).toBe(401);
    expect((await second.login('/login', { name: 'Olga', password })).status).toBe(200);
  });
});

function token(header: object, claims: object, sign: (text: string) => string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${sign(text)}`;
}

function unsigned(claims: object): string {
  return token({ alg: 'none', typ: 'JWT' }, claims, () => '');
}

function signed(claims: object, key: string): string {
  return token({ alg: 'HS256', typ: 'JWT' }, claims, (text) =>
    createHmac('sha256', key).update(text).digest('base64url'),
  );
}
