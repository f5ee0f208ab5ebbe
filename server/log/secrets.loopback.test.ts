import { afterEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import type { InviteMade } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { textToSend } from '@rookery/schemas/testing/textToSend';
import { ApiClient } from '../testing/apiClient.js';
import { done, enterRoom } from '../testing/moderating.js';
import { createIdentity } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';
import { createServerLog } from './serverLog.js';

let server: TestServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

/** All ways in which somebody may write bytes down. */
function formsOf(secret: string | Uint8Array): string[] {
  const bytes = Buffer.from(secret as string);
  const list = [...bytes].join(',');
  const texts = [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')];
  return typeof secret === 'string' ? [secret, ...texts] : [...texts, list];
}

test('no line of any level holds a secret or what people write', async () => {
  let written = '';
  const levels = { base: 'trace', parts: {} } as const;
  const log = createServerLog(levels, { write: (line) => (written += line) });
  const secrets: (string | Uint8Array)[] = [];
  const secret = <T extends string | Uint8Array>(value: T): T => {
    secrets.push(value);
    return value;
  };
  const password = secret('password-of-the-server');
  server = await startTestServer({ everyoneIs: 'guest', password }, {}, log.root);
  const { running } = server;

  const inviteCode = secret(running.ownerToken!);
  const owner = await server.join({ displayName: 'Olga', inviteCode, password });
  const wrong = { password: secret('a-wrong-password') };
  await (await server.connect()).login(wrong);
  const accountPassword = secret('password-of-the-account');
  await done(owner, {
    ...{ type: FrameType.SetAccountPassword, userId: null },
    ...{ currentPassword: '', newPassword: accountPassword },
  });
  const terms = { type: FrameType.MakeInvite, usesMax: 1, validSeconds: 60, note: '' } as const;
  const made = await owner.ask<InviteMade>({ ...terms, role: 'member' });
  if (made.type === FrameType.Error) throw new Error(made.message);
  const member = await server.join({ inviteCode: secret(made.code), password });
  const late = await server.connect();
  await late.login({ inviteCode: secret('aaaa-wrong-invite'), password });
  await done(member, enterRoom(rootRoomId));
  await done(member, textToSend(rootRoomId, secret('what people write')));
  const identity = createIdentity();
  const guest = await server.join({ identity, password });
  const ticket = secret(await guest.ticket());
  guest.close();
  await guest.untilClosed();
  const returned = await server.join({ identity, ticket });
  for (const { authOk } of [owner, member, guest, returned]) secret(authOk!.hopKey);

  const api = new ApiClient(running.info.admin.port);
  const name = 'Olga';
  await api.login('/login', { name, password: secret('another-wrong-password') });
  expect(await api.login('/login', { name, password: accountPassword })).toMatchObject({
    status: 200,
  });
  secret(api.accessToken!);
  await api.login('/renew', { refreshToken: secret(api.refreshToken) });
  secret(api.accessToken!);
  secret(api.refreshToken);
  await api.ask('GET', `/me?token=${secret('token-in-a-query')}`);
  await api.send('POST', '/api/v1/login', `{"password": "${secret('password-in-no-json')}`);

  await server.close();
  server = null;
  expect(written).toMatch(/"part":"session".*"session":\d+,"user":"[^"]+","msg":"logged in"/);
  expect(written).toMatch(/"part":"admin","requestId":"[^"]+".*"path":"\/api\/v1\/me"/);
  for (const value of secrets) {
    for (const form of formsOf(value)) expect(written.includes(form), form).toBe(false);
  }
});

test('what stands in a field of a secret is not written', () => {
  let written = '';
  const log = createServerLog({ base: 'info', parts: {} }, { write: (line) => (written += line) });
  log.root.info({ password: 'hunter2', request: { authorization: 'hunter2' } }, 'a slip');
  expect(written).toContain('not shown');
  expect(written).not.toContain('hunter2');
});
