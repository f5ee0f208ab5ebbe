import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import { CloseCode, rootRoomId } from '@rookery/schemas/protocol';
import { serverLimits } from '../limits.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

const identity = createIdentity();
let server: TestServer;
let ada: TestClient;
let bob: TestClient;

async function start(graceMs: number): Promise<void> {
  const session = { ...serverLimits.session, closeLingerMs: 50, sweepIntervalMs: 20 };
  server = await startTestServer({}, { session, resume: { ...serverLimits.resume, graceMs } });
  ada = await server.join({ identity, displayName: 'Ada' });
  bob = await server.join({ displayName: 'Bob' });
  for (const client of [ada, bob]) {
    await client.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  }
  await bob.until('Bob sees Ada', () => adaSeenByBob()?.roomId === rootRoomId);
}

const adaSeenByBob = () => bob.sessions.get(ada.authOk!.sessionToken);

/** As a client does that takes its connection for lost. */
async function loseAda(): Promise<void> {
  ada.close(CloseCode.Lost);
  await ada.untilClosed();
}

async function returnOfAda(displayName = 'Ada'): Promise<TestClient> {
  const continuedToken = ada.authOk!.sessionToken;
  return await server.join({ identity, displayName, continuedToken });
}

beforeEach(() => start(60_000));

afterEach(async () => {
  await server.close();
});

describe('who lost the connection', () => {
  test('keeps its place, is shown as reconnecting, and goes on when it is back', async () => {
    await ada.command({ type: FrameType.SetSelfState, muted: true, deafened: false });
    await loseAda();
    await bob.until('Bob sees it', () => adaSeenByBob()?.isReconnecting === true);
    expect(adaSeenByBob()).toMatchObject({ roomId: rootRoomId, muted: true });
    const again = await returnOfAda();
    expect(again.authOk).toEqual({ ...ada.authOk, continued: true });
    expect(again.self).toMatchObject({ roomId: rootRoomId, muted: true, isReconnecting: false });
    await bob.until('Bob sees it', () => adaSeenByBob()?.isReconnecting === false);
    // Nobody left, so nobody's key had to be another.
    expect(bob.roomKeys).toHaveLength(1);
    expect(again.roomKeys).toEqual(bob.roomKeys);
    expect(bob.sessions.size).toBe(2);
  });

  test('takes over a connection that the server still takes for alive', async () => {
    const again = await returnOfAda();
    expect(again.authOk?.continued).toBe(true);
    expect((await ada.untilClosed()).code).toBe(CloseCode.Replaced);
    const done = await again.command({ type: FrameType.LeaveRoom });
    expect(done.type).toBe(FrameType.CommandDone);
    await bob.until('Bob sees it', () => adaSeenByBob()?.roomId === null);
  });

  test('gets the keys of rooms that changed meanwhile, and hears who is there', async () => {
    await loseAda();
    await bob.until('Bob sees it', () => adaSeenByBob()?.isReconnecting === true);
    const eve = await server.join({ displayName: 'Eve' });
    await eve.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
    await eve.command({ type: FrameType.LeaveRoom });
    await bob.until('the key is another', () => bob.roomKeys.at(-1)?.epoch === 1);
    const again = await returnOfAda();
    await again.until('Ada has it', () => again.roomKeys.length > 0);
    expect(again.roomKeys.at(-1)?.key).toEqual(bob.roomKeys.at(-1)?.key);
    expect(again.sessions.get(eve.authOk!.sessionToken)?.roomId).toBe(null);
  });

  test('gets the keys of whispers to it again, and registers its own anew', async () => {
    const toAda = {
      type: FrameType.RegisterWhisper,
      sessionTokens: [ada.authOk!.sessionToken],
      roomIds: [],
      withChildren: false,
      userIds: [],
    } as const;
    await bob.command(toAda);
    await ada.command({ ...toAda, sessionTokens: [bob.authOk!.sessionToken] });
    await ada.until('Ada has the key', () => ada.whisperKeys.length === 1);
    await loseAda();
    const again = await returnOfAda();
    await again.until('Ada has the key again', () => again.whisperKeys.length > 0);
    expect(again.whisperKeys).toEqual(ada.whisperKeys);
    const own = await again.command({ type: FrameType.RemoveWhisper, listId: 2 });
    expect(own.type).toBe(FrameType.Error);
  });

  test.each([
    ['another name', 'Ada L', true],
    ['nothing to go on with', 'Ada', false],
  ])('begins another session with %s', async (_what, displayName, asksToGoOn) => {
    await loseAda();
    const continuedToken = asksToGoOn ? ada.authOk!.sessionToken : 0;
    const again = await server.join({ identity, displayName, continuedToken });
    expect(again.authOk?.continued).toBe(false);
    expect(again.authOk?.sessionToken).not.toBe(ada.authOk!.sessionToken);
    await bob.until('Bob sees the new one', () => bob.sessions.size === 2 && !adaSeenByBob());
  });

  test('does not go on with the session of somebody else', async () => {
    const continuedToken = bob.authOk!.sessionToken;
    const again = await server.join({ identity, displayName: 'Ada', continuedToken });
    expect(again.authOk?.continued).toBe(false);
    expect(again.authOk?.sessionToken).not.toBe(continuedToken);
    expect(bob.closed).toBeNull();
  });
});

test('who says goodbye leaves at once', async () => {
  ada.sendControl({ type: FrameType.Goodbye, reason: GoodbyeReason.ClientLeft, message: '' });
  await bob.until('Bob sees it', () => adaSeenByBob() === undefined);
});

test('who does not come back in time has left', async () => {
  await server.close();
  await start(200);
  await loseAda();
  await bob.until('Bob sees it', () => adaSeenByBob() === undefined);
  const again = await returnOfAda();
  expect(again.authOk?.continued).toBe(false);
});
