import { afterEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { CloseCode, rootRoomId } from '@rookery/schemas/protocol';
import { abuseLimits, type AbuseLimits } from '../abuseLimits.js';
import { createIdentity } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

let server: TestServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(abuse: Partial<AbuseLimits>): Promise<TestServer> {
  server = await startTestServer({}, { abuse: { ...abuseLimits, ...abuse } });
  return server;
}

function withPace(join: { perSecond: number; burst: number; refusedMax: number }) {
  return { userPace: { ...abuseLimits.userPace, join } };
}

const join = { type: FrameType.JoinRoom, roomId: rootRoomId } as const;
const leave = { type: FrameType.LeaveRoom } as const;

test('tells what goes too fast and for how long, and does not do it', async () => {
  // One in a thousand seconds: nothing comes back while the test runs.
  const pace = { perSecond: 0.001, burst: 1, refusedMax: 10 };
  const { join: enter, running } = await start(withPace(pace));
  const client = await enter();
  await client.command(join);
  const answer = await client.command(leave);
  expect(answer).toMatchObject({ type: FrameType.Error, code: ErrorCode.TooFast });
  const throttle = client.control.find(({ type }) => type === FrameType.Throttle);
  expect(throttle).toMatchObject({ frameType: FrameType.LeaveRoom });
  expect(client.self.roomId).toBe(rootRoomId);
  expect(running.stats()).toMatchObject({
    protocolErrors: { tooFast: 1 },
    abuse: { pacing: { refusedOfUsers: { join: 1 } } },
  });
});

test('a user goes on with the same budget after another login', async () => {
  const pace = { perSecond: 0.001, burst: 2, refusedMax: 10 };
  const { join: enter } = await start(withPace(pace));
  const identity = createIdentity();
  const first = await enter({ identity });
  await first.command(join);
  await first.command(leave);
  first.close();
  const second = await enter({ identity });
  expect(await second.command(join)).toMatchObject({ code: ErrorCode.TooFast });
});

test('closes whoever does not listen, and leaves the others at its address alone', async () => {
  const pace = { perSecond: 0.001, burst: 1, refusedMax: 5 };
  const { join: enter, running } = await start({ ...withPace(pace), addressShare: 1 });
  const flooder = await enter();
  for (let index = 0; index < 10; index++) flooder.sendCommand(join);
  expect((await flooder.untilClosed()).code).toBe(CloseCode.ProtocolViolation);
  const neighbour = await enter();
  for (let index = 0; index < 3; index++) {
    const answer = await neighbour.command(join);
    expect(answer).toMatchObject({ code: ErrorCode.TooFast });
  }
  expect(neighbour.closed).toBeNull();
  expect(running.stats()).toMatchObject({
    protocolErrors: { flood: 1 },
    abuse: { pacing: { refusedOfAddresses: { join: 1 } } },
  });
});
