import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { BanList, CommandMessage } from '@rookery/schemas/messages';
import { rootRoomId, unchangedRoom } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { giveRole } from '../testing/giveRole.js';
import { done, enterRoom, idOf, refusedWith } from '../testing/moderating.js';
import { ServerProcess, testOptions } from '../testing/serverProcess.js';
import { createIdentity } from '../testing/testClient.js';
import {
  openTestClients,
  startTestServer,
  type TestClients,
  type TestServer,
} from '../testing/testServer.js';

/** What holds of moderation when the server is killed the moment after it was answered. */
let directory: string;
let server: ServerProcess | null = null;
let restarted: TestServer | null = null;
const opened: TestClients[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-kept-'));
});

afterEach(async () => {
  await kill();
  await restarted?.close();
  rmSync(directory, { recursive: true });
});

async function kill(): Promise<void> {
  server?.kill('SIGKILL');
  await server?.exited;
  server = null;
  for (const clients of opened.splice(0)) await clients.close();
}

async function clientsFrom(host: string, port: number): Promise<TestClients> {
  const clients = await openTestClients(port, host);
  opened.push(clients);
  return clients;
}

const say = (text: string): CommandMessage => ({
  type: FrameType.SendMessage,
  ...{ roomId: rootRoomId, text, clientMessageId: newUuid(), replyToId: null, attachmentIds: [] },
});

test('slow mode, lock, mute and bans of both kinds outlive kill -9', async () => {
  const [mona, tom, ben] = [createIdentity(), createIdentity(), createIdentity()];
  await giveRole(directory, mona, 'moderator');
  // Who fails comes from elsewhere.
  const access = ['--everyone-is', 'member', '--ban-after', '3'];
  server = new ServerProcess({ args: ['--json', '--data', directory, ...testOptions, ...access] });
  const { port } = (await server.started()).quic;
  const here = await clientsFrom('127.0.0.1', port);
  const elsewhere = await clientsFrom('127.0.0.3', port);
  const [moderator, muted, banned] = await Promise.all(
    [mona, tom, ben].map(async (identity) => {
      const client = await here.connect();
      await client.login({ identity });
      return client;
    }),
  );
  for (let failed = 0; failed < 3; failed++) {
    const client = await elsewhere.connect();
    await client.login();
    client.sendControl({ type: FrameType.CommandDone, createdId: null, listId: 0 });
    await client.untilClosed();
  }
  const readBans = { type: FrameType.ReadBans, beforeId: null } as const;
  expect(await moderator!.ask<BanList>(readBans)).toMatchObject({
    bans: [{ hasAddress: true, byId: null }],
  });
  const moderate = {
    type: FrameType.ModerateUser,
    reason: '',
    deafened: null,
    suppressed: null,
  } as const;
  const ban = { type: FrameType.Ban, address: '', withAddress: false, durationSeconds: 0 } as const;
  const edit = { type: FrameType.EditRoom, ...unchangedRoom, roomId: rootRoomId } as const;
  await Promise.all([
    done(moderator!, { ...moderate, userId: idOf(muted!), muted: true, prioritySpeaker: null }),
    done(moderator!, { ...ban, userId: idOf(banned!), reason: 'shouting' }),
    done(moderator!, { ...edit, slowModeSeconds: 600, isLocked: true }),
  ]);
  await kill();

  restarted = await startTestServer({
    ...{ dataDirectory: directory, everyoneIs: 'member', abuse: { failuresMax: 3 } },
  });
  const again = await clientsFrom('127.0.0.3', restarted.running.info.quic.port);
  const [other, tomAgain, benAgain] = [
    await again.connect(),
    await restarted.connect(),
    await restarted.connect(),
  ];
  expect(await other.login()).toMatchObject({ reason: AuthFailure.TooManyFailures });
  expect(await benAgain.login({ identity: ben })).toMatchObject({ reason: AuthFailure.Banned });
  await tomAgain.login({ identity: tom });
  expect(tomAgain.self.mutedByModerator).toBe(true);
  expect(tomAgain.rooms.get(rootRoomId)).toMatchObject({ slowModeSeconds: 600, isLocked: true });
  expect(await refusedWith(tomAgain, enterRoom(rootRoomId))).toBe(ErrorCode.RoomLocked);
  await done(tomAgain, { type: FrameType.Subscribe, roomIds: [rootRoomId] });
  await done(tomAgain, say('one'));
  expect(await refusedWith(tomAgain, say('two'))).toBe(ErrorCode.SlowMode);
});
