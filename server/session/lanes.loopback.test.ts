import { afterAll, beforeAll, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { SendMessage } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { textToSend } from '@rookery/schemas/testing/textToSend';
import { laneLimits } from '../laneLimits.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

let server: TestServer;

beforeAll(async () => {
  const commands = { ...laneLimits.commands, unansweredMax: 2 };
  server = await startTestServer({}, { lanes: { ...laneLimits, commands } });
});

afterAll(async () => {
  await server.close();
});

test('refuses a command while as many as may wait for the disk, and takes it later', async () => {
  const client = await server.join();
  await client.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  const say = (): SendMessage => textToSend(rootRoomId, 'x');
  // In one turn, so that none of them is durable before the last has come.
  const answers = await Promise.all([1, 2, 3].map(() => client.command(say())));
  expect(answers.map(({ type }) => type)).toEqual([
    FrameType.CommandDone,
    FrameType.CommandDone,
    FrameType.Error,
  ]);
  expect(answers[2]).toMatchObject({ code: ErrorCode.TooFast });
  expect((await client.command(say())).type).toBe(FrameType.CommandDone);
});
