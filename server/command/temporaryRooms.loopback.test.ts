import { afterEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import type { CommandMessage } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { controlLimits } from '../limits.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

let server: TestServer;

afterEach(async () => {
  await server.close();
});

test('a temporary room goes before the eyes of all when its last member has left', async () => {
  const session = { ...controlLimits.session, closeLingerMs: 50, sweepIntervalMs: 10 };
  server = await startTestServer({}, { session, rooms: { temporaryEmptyMs: 300 } });
  const ada = await server.join();
  const bob = await server.join();
  const run = async (command: CommandMessage): Promise<string | null> => {
    const answer = await ada.command(command);
    if (answer.type !== FrameType.CommandDone) throw new Error(`refused: ${answer.type}`);
    return answer.createdId;
  };
  const create = {
    type: FrameType.CreateRoom,
    isTemporary: true,
    parentId: rootRoomId,
    name: 'Party',
  } as const;
  const roomId = (await run(create))!;
  await run({ type: FrameType.JoinRoom, roomId });
  await bob.until('Bob sees it', () => bob.rooms.get(roomId)?.isTemporary === true);
  await run({ type: FrameType.LeaveRoom });
  await bob.until('it is gone', () => !bob.rooms.has(roomId));
  expect(server.running.stats()).toMatchObject({ rooms: 1 });
});
