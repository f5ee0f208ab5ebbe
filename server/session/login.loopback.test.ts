import { afterEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import { userIdOf } from '@rookery/schemas/loginMessage';
import { CloseCode, protocolVersion, rootRoomId } from '@rookery/schemas/protocol';
import { controlLimits } from '../limits.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

let server: TestServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(...options: Parameters<typeof startTestServer>): Promise<TestServer> {
  server = await startTestServer(...options);
  return server;
}

async function expectClosed(client: TestClient): Promise<void> {
  expect(await client.untilClosed()).toMatchObject({
    by: 'peer',
    isApplication: true,
    code: CloseCode.LoginFailed,
  });
  expect(client.authOk).toBeNull();
  expect(client.viewTypes).toEqual([]);
}

describe('login', () => {
  test('gives a session with a stable user id, and the whole view', async () => {
    const { connect, join } = await start({ name: 'Rook' });
    const identity = createIdentity();
    const client = await connect();
    const hello = await client.sayHello();
    expect(hello).toMatchObject({
      protocolVersion,
      serverName: 'Rook',
      passwordRequired: false,
      features: [],
    });
    const other = await join({ identity, displayName: '  Ada   L ' });
    expect(other.authOk?.userId).toBe(userIdOf(identity.publicKey));
    expect(other.authOk?.voicePort).toBe(server!.running.info.voice.port);
    expect(other.authOk?.hopKey).toHaveLength(16);
    const { TalkList, OwnAccess, RoomInit, Presence, RoomMembers, OwnSession } = FrameType;
    expect(other.viewTypes).toEqual([
      ...[OwnAccess, TalkList, RoomInit, Presence, RoomMembers, OwnSession],
    ]);
    expect([...other.rooms.keys()]).toEqual([rootRoomId]);
    expect(other.self).toMatchObject({ displayName: 'Ada L', roomId: null, muted: false });
  });

  test('is told to those who are there already', async () => {
    const { join } = await start();
    const ada = await join({ displayName: 'Ada' });
    const bob = await join({ displayName: 'Bob' });
    await ada.until('Ada sees Bob', () => ada.sessions.size === 2);
    expect(ada.sessions).toEqual(bob.sessions);
    bob.close();
    await ada.until('Ada sees Bob leave', () => ada.sessions.size === 1);
  });

  test('is refused without the right password, and let in with it', async () => {
    const { connect, join } = await start({ password: 'open sesame' });
    for (const password of ['', 'open sesam', 'Open sesame']) {
      const client = await connect();
      const answer = await client.login({ password });
      expect(answer).toMatchObject({ reason: AuthFailure.WrongPassword });
      await expectClosed(client);
    }
    const client = await join({ password: 'open sesame' });
    expect(client.hello?.passwordRequired).toBe(true);
    expect(client.authOk).not.toBeNull();
    expect(server!.running.stats()).toMatchObject({ protocolErrors: { wrongPassword: 3 } });
  });

  test('is refused when the signature is of another login, server or key', async () => {
    const { connect } = await start();
    const elsewhere = await connect();
    await elsewhere.sayHello();
    const hello = await (await connect()).sayHello();
    if (hello.type !== FrameType.HelloAck) throw new Error('expected a challenge');
    const frauds = [
      // A challenge that was given on another connection.
      { challenge: hello.challenge },
      // What a server in between would have its victim sign: its own certificate.
      { fingerprint: new Uint8Array(32).fill(7) },
      { identity: { ...createIdentity(), publicKey: createIdentity().publicKey } },
    ];
    for (const fraud of frauds) {
      const client = await connect();
      expect(await client.login(fraud)).toMatchObject({ reason: AuthFailure.BadSignature });
      await expectClosed(client);
    }
    expect(await elsewhere.login()).toMatchObject({ type: FrameType.AuthOk });
  });

  test('is refused under a name that nobody could read', async () => {
    const { connect } = await start();
    const client = await connect();
    const answer = await client.login({ displayName: 'a\u202eb' });
    expect(answer).toMatchObject({ reason: AuthFailure.BadName });
    await expectClosed(client);
  });

  test('is refused for another version of the protocol', async () => {
    const { connect } = await start();
    const client = await connect();
    const answer = await client.login({ version: protocolVersion + 1 });
    expect(answer).toMatchObject({ code: ErrorCode.UnsupportedVersion });
    expect((await client.untilClosed()).code).toBe(CloseCode.LoginFailed);
    expect(server!.running.stats()).toMatchObject({ protocolErrors: { unsupportedVersion: 1 } });
  });

  test('uses a challenge once', async () => {
    const { connect } = await start();
    const client = await connect();
    const hello = await client.sayHello();
    expect(hello.type).toBe(FrameType.HelloAck);
    const auth = client.signAuth();
    client.sendControl(auth, 91);
    client.sendControl(auth, 92);
    const close = await client.untilClosed();
    expect(close.code).toBe(CloseCode.ProtocolViolation);
    expect(server!.running.stats()).toMatchObject({ sessions: 0 });
  });

  test('a second one of the same identity replaces the first', async () => {
    const { join } = await start();
    const identity = createIdentity();
    const bystander = await join({ displayName: 'Bob' });
    const first = await join({ identity });
    const second = await join({ identity });
    expect((await first.untilClosed()).code).toBe(CloseCode.Replaced);
    expect(first.control.at(-1)).toMatchObject({
      type: FrameType.Goodbye,
      reason: GoodbyeReason.ReplacedByNewLogin,
    });
    const isSettled = (): boolean =>
      bystander.sessions.size === 2 && bystander.sessions.has(second.authOk!.sessionToken);
    await bystander.until('only the second is there', isSettled);
    expect(second.authOk?.userId).toBe(first.authOk?.userId);
    expect(second.authOk?.sessionToken).not.toBe(first.authOk?.sessionToken);
    expect(second.closed).toBeNull();
  });

  test('is refused when the server is full', async () => {
    const { connect, join } = await start(
      {},
      { state: { ...controlLimits.state, sessionsMax: 1 } },
    );
    const first = await join();
    const client = await connect();
    expect(await client.login()).toMatchObject({ reason: AuthFailure.ServerFull });
    await expectClosed(client);
    first.close();
    const retry = async (): Promise<boolean> => {
      const answer = await (await connect()).login();
      return answer.type === FrameType.AuthOk;
    };
    while (!(await retry()));
  });

  test('has its time', async () => {
    const { connect } = await start(
      {},
      {
        session: {
          ...controlLimits.session,
          loginTimeoutMs: 900,
          sweepIntervalMs: 20,
          closeLingerMs: 50,
        },
        password: { ...controlLimits.password, queueMax: 1 },
      },
    );
    const silent = await connect();
    const undecided = await connect();
    await undecided.sayHello();
    expect((await silent.untilClosed()).code).toBe(CloseCode.LoginFailed);
    expect((await undecided.untilClosed()).code).toBe(CloseCode.LoginFailed);
    expect(server!.running.stats()).toMatchObject({ protocolErrors: { loginTimeout: 2 } });
  });
});
