import { afterEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { CloseCode, protocolVersion, rootRoomId } from '@rookery/schemas/protocol';
import { hopKeyBytes } from '@rookery/schemas/voiceCrypto';
import { hopTagBytes } from '@rookery/schemas/voicePacket';
import { LoopbackPeer } from '../testing/loopbackPeer.js';
import { VoicePeer } from '../testing/relayStage.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';
import { openTestClients, startTestServer, type TestServer } from '../testing/testServer.js';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(...options: Parameters<typeof startTestServer>): Promise<TestServer> {
  const server = await startTestServer(...options);
  closers.push(() => server.close());
  return server;
}

async function expectBadSignature(client: TestClient): Promise<void> {
  const close = await client.untilClosed();
  expect(close).toMatchObject({ by: 'peer', code: CloseCode.LoginFailed });
  expect(client.control.at(-1)).toMatchObject({
    type: FrameType.AuthFailed,
    reason: AuthFailure.BadSignature,
  });
}

describe('a login', () => {
  test('that a server in between passes on is refused by the other one', async () => {
    const [honest, between] = [await start(), await start()];
    const [victim, thief] = [await between.connect(), await honest.connect()];
    await victim.sayHello();
    const hello = await thief.sayHello();
    if (hello.type !== FrameType.HelloAck) throw new Error('expected a challenge');
    // The victim signs what it is asked to, and the certificate that it sees.
    thief.sendControl(victim.signAuth({ challenge: hello.challenge }), 1);
    await expectBadSignature(thief);
    expect(honest.running.stats()).toMatchObject({ sessions: 0 });
  });

  test('that was listened to is refused when it is sent again', async () => {
    const server = await start();
    const victim = await server.connect();
    await victim.sayHello();
    const auth = victim.signAuth();
    victim.sendControl(auth, 1);
    await victim.until('the victim is in', () => victim.view.own !== null);
    const thief = await server.connect();
    await thief.sayHello();
    thief.sendControl(auth, 1);
    await expectBadSignature(thief);
    expect(victim.closed).toBeNull();
  });

  test('of an older version is refused, said openly or only signed', async () => {
    const server = await start();
    const open = await server.connect();
    const version = protocolVersion - 1;
    expect(await open.login({ version })).toMatchObject({ code: ErrorCode.UnsupportedVersion });
    // As where somebody in between has changed the version of Hello.
    const between = await server.connect();
    await between.sayHello();
    between.sendControl(between.signAuth({ version }), 1);
    await expectBadSignature(between);
    expect(server.running.stats()).toMatchObject({ sessions: 0 });
  });
});

describe('a resume ticket', () => {
  const password = 'open sesame';

  test('is refused where it is made up, used up, of another user or another server', async () => {
    const [server, other] = [await start({ password }), await start({ password })];
    const [identity, stranger] = [createIdentity(), createIdentity()];
    const first = await (await server.join({ identity, password })).ticket();
    const second = await (await server.join({ identity, ticket: first })).ticket();
    const third = await (await server.join({ identity, ticket: second })).ticket();
    const elsewhere = await (await other.join({ identity, password })).ticket();
    const forged = Uint8Array.from(third, (byte, at) => (at === 31 ? byte ^ 1 : byte));
    const attempts = [
      { identity, ticket: first },
      { identity, ticket: forged },
      { identity, ticket: elsewhere },
      { identity: stranger, ticket: third },
    ];
    for (const attempt of attempts) {
      const client = await server.connect();
      expect(await client.login(attempt)).toMatchObject({ reason: AuthFailure.WrongPassword });
    }
    expect((await server.join({ identity, ticket: third })).authOk).not.toBeNull();
  });

  test('is worth nothing without the key of its user', async () => {
    const server = await start({ password });
    const identity = createIdentity();
    const ticket = await (await server.join({ identity, password })).ticket();
    const { privateKey } = createIdentity();
    const thief = await server.connect();
    const answer = await thief.login({ identity: { ...identity, privateKey }, ticket });
    expect(answer).toMatchObject({ reason: AuthFailure.BadSignature });
  });
});

describe('the token of a session', () => {
  const join = { type: FrameType.JoinRoom, roomId: rootRoomId } as const;

  test.each(['there', 'lost'])('gives nobody else that session while it is %s', async (how) => {
    const server = await start();
    const identity = createIdentity();
    const victim = await server.join({ identity, displayName: 'Ada' });
    await victim.command(join);
    const { sessionToken: continuedToken } = victim.authOk!;
    if (how === 'lost') {
      victim.close(CloseCode.Lost);
      await victim.untilClosed();
    }
    const away = await openTestClients(server.running.info.quic.port, '127.0.0.2');
    closers.push(() => away.close());
    const thief = await away.connect();
    await thief.login({ continuedToken });
    expect(thief.authOk).toMatchObject({ continued: false });
    expect(thief.authOk!.sessionToken).not.toBe(continuedToken);
    expect(thief.authOk!.hopKey).not.toEqual(victim.authOk!.hopKey);
    expect(thief.self).toMatchObject({ roomId: null });
    const back = await server.join({ identity, displayName: 'Ada', continuedToken });
    expect(back.authOk).toMatchObject({ continued: true, hopKey: victim.authOk!.hopKey });
  });

  test('lets nobody speak from an address that has not proved itself', async () => {
    const server = await start({ relayWorkers: 1 });
    const { voicePort } = (await server.join()).authOk!;
    const open = (peer: VoicePeer): Promise<LoopbackPeer> => openPeer(peer, voicePort);
    const [speaker, listener] = [await joinRoom(server), await joinRoom(server)];
    const [ownWay, heardAt] = [await open(speaker), await open(listener)];
    await Promise.all([ownWay.ping(), heardAt.ping()]);
    // Whoever knows the token alone can make no packet that holds.
    const guess = await open(new VoicePeer(speaker.token, new Uint8Array(hopKeyBytes)));
    guess.send(guess.peer.ping({ counter: 1_000 }));
    guess.send(guess.peer.voice({ counter: 1_001 }));
    // Packets caught on their way do not hold elsewhere, either.
    const caughtPing = speaker.ping();
    ownWay.send(caughtPing);
    await ownWay.ping();
    guess.send(caughtPing);
    guess.send(speaker.voice());
    await expect
      .poll(() => server.running.stats())
      .toMatchObject({ voice: { dropHopTag: 1, dropAddress: 2, dropReplay: 1 } });
    const honest = speaker.voice();
    ownWay.send(honest);
    await ownWay.ping();
    await heardAt.ping();
    expect(heardAt.heard).toEqual([honest.slice(0, honest.length - hopTagBytes)]);
    expect(guess.heard).toEqual([]);
  });

  async function joinRoom(server: TestServer): Promise<VoicePeer> {
    const client = await server.join();
    await client.command(join);
    return new VoicePeer(client.authOk!.sessionToken, client.authOk!.hopKey);
  }

  async function openPeer(peer: VoicePeer, port: number): Promise<LoopbackPeer> {
    const opened = await LoopbackPeer.open(peer, port);
    closers.push(() => opened.close());
    return opened;
  }
});
