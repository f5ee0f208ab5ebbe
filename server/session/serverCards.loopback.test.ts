import { afterEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { Registration } from '@rookery/schemas/generated/rookery/registration';
import { CloseCode, protocolVersion } from '@rookery/schemas/protocol';
import type { Message } from '@rookery/schemas/messages';
import { serverLimits } from '../limits.js';
import type { TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';
import { serverVersion } from '../version.js';

/** Apart from those that TestClient counts. */
const cardRequestId = 9_999;

let server: TestServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(...options: Parameters<typeof startTestServer>): Promise<TestServer> {
  server = await startTestServer(...options);
  return server;
}

async function askCard(client: TestClient): Promise<Message> {
  const told = client.control.length;
  client.sendControl({ type: FrameType.ReadServerCard }, cardRequestId);
  const isAnswer = ({ type }: Message): boolean =>
    type === FrameType.ServerCard || type === FrameType.Error;
  await client.until('the card is answered', () => client.control.slice(told).some(isAnswer));
  return client.control.slice(told).find(isAnswer)!;
}

describe('the card of a server', () => {
  test('tells who has not logged in what it is and how full, and nothing else', async () => {
    const { connect, join } = await start({ name: 'Rook', password: 'open sesame' });
    await join({ displayName: 'Ada', password: 'open sesame' });
    const stranger = await connect();
    expect(await askCard(stranger)).toEqual({
      type: FrameType.ServerCard,
      protocolVersion,
      version: serverVersion,
      serverName: 'Rook',
      members: 1,
      membersMax: serverLimits.state.sessionsMax,
      passwordRequired: true,
      registration: Registration.Password,
    });
    expect(stranger.viewTypes).toEqual([]);
    expect(server!.running.stats()).toMatchObject({ sessions: 1, serverCards: { shown: 1 } });
  });

  test('leaves the way to a login open', async () => {
    const { connect } = await start();
    const client = await connect();
    expect(await askCard(client)).toMatchObject({ type: FrameType.ServerCard, members: 0 });
    expect(await client.login()).toMatchObject({ type: FrameType.AuthOk });
  });

  test('is hidden where the server is told to', async () => {
    const { connect } = await start({ serverCard: 'hidden' });
    const client = await connect();
    expect(await askCard(client)).toMatchObject({ code: ErrorCode.NotPermitted });
    expect(await client.login()).toMatchObject({ type: FrameType.AuthOk });
    expect(server!.running.stats()).toMatchObject({ serverCards: { shown: 0, hidden: 1 } });
  });

  test('is shown so often to one address, over all of its connections', async () => {
    const { userPace } = serverLimits.abuse;
    const card = { perSecond: 0.001, burst: 2, refusedMax: 200 };
    const abuse = { ...serverLimits.abuse, userPace: { ...userPace, card }, addressShare: 1 };
    const { connect } = await start({ abuse: { addressShare: 1 } }, { ...serverLimits, abuse });
    for (let shown = 0; shown < 2; shown++) {
      expect(await askCard(await connect())).toMatchObject({ type: FrameType.ServerCard });
    }
    const client = await connect();
    expect(await askCard(client)).toMatchObject({ code: ErrorCode.TooFast });
    // Somebody else at the address may log in nevertheless.
    expect(await client.login()).toMatchObject({ type: FrameType.AuthOk });
    expect(server!.running.stats()).toMatchObject({
      serverCards: { shown: 2, tooFast: 1 },
      abuse: { pacing: { refusedOfAddresses: { card: 1 } } },
    });
  });

  test('is out of place in the middle of a login, and after it', async () => {
    const { connect, join } = await start();
    const greeting = await connect();
    await greeting.sayHello();
    const inside = await join();
    for (const client of [greeting, inside]) {
      expect(await askCard(client)).toMatchObject({ code: ErrorCode.OutOfPlace });
      expect((await client.untilClosed()).code).toBe(CloseCode.ProtocolViolation);
    }
  });

  test('closes who asks without end', async () => {
    const { connect } = await start();
    const client = await connect();
    for (let asked = 0; asked < 2_000 && client.closed === null; asked++) {
      client.sendControl({ type: FrameType.ReadServerCard }, cardRequestId);
    }
    expect((await client.untilClosed()).code).toBe(CloseCode.ProtocolViolation);
    expect(server!.running.stats()).toMatchObject({ protocolErrors: { flood: 1 } });
  });
});
