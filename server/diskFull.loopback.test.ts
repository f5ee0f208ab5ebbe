import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { CommandMessage, Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { textToSend } from '@rookery/schemas/testing/textToSend';
import { pino } from 'pino';
import { controlLimits } from './limits.js';
import { openStore } from './store/store.js';
import { commandPace } from './testing/commandPace.js';
import { mountSmallDisk, type SmallDisk } from './testing/smallDisk.js';
import { startTestServer, type TestServer } from './testing/testServer.js';

const ballastBytes = 1_048_576;

let disk: SmallDisk;
let server: TestServer | null;

beforeEach(() => {
  disk = mountSmallDisk();
  server = null;
});

afterEach(async () => {
  await server?.close();
  disk.unmount();
});

const say = (text: string): CommandMessage => textToSend(rootRoomId, text);

test('a full disk is told, loses nothing, and is over when there is space', async (context) => {
  if (!disk.isMounted) context.skip('a small disk cannot be mounted here');
  writeFileSync(join(disk.path, 'ballast'), new Uint8Array(ballastBytes));
  const dataDirectory = join(disk.path, 'data');
  const limits = { retryAfterFaultMs: 1, diskReserveBytes: 256 * 1_024 };
  const store = { ...controlLimits.store, ...limits };
  const lanes = commandPace({ perSecond: 10_000, burst: 10_000 });
  server = await startTestServer({ dataDirectory }, { store, lanes });
  const ada = await server.join();
  await ada.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  const acknowledged: Uuid[] = [];
  const send = async (): Promise<ErrorCode | null> => {
    const answer = await ada.command(say('x'.repeat(8_000)));
    if (answer.type === FrameType.Error) return answer.code;
    acknowledged.push(answer.createdId!);
    return null;
  };

  let code = await send();
  while (code === null) code = await send();
  expect(code).toBe(ErrorCode.StorageFull);
  // What needs no disk goes on: people come in, move, and are seen.
  const bob = await server.join();
  const moved = await bob.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  expect(moved.type).toBe(FrameType.CommandDone);
  // One that fits between what is there may still be taken.
  const refusals: ErrorCode[] = [];
  while (refusals.length < 5) {
    code = await send();
    if (code !== null) refusals.push(code);
  }
  expect(new Set(refusals)).toEqual(new Set([ErrorCode.StorageFull]));

  rmSync(join(disk.path, 'ballast'));
  const before = acknowledged.length;
  // Between two tries of the store everything is refused.
  while (acknowledged.length < before + 5) await send();
  await server.close();
  server = null;
  const log = pino({ level: 'silent' });
  const opened = await openStore({ dataDirectory, limits: store, log });
  const kept = opened.messages.after(rootRoomId, null, 9_999).map(({ messageId }) => messageId);
  await opened.close();
  expect(kept).toEqual(acknowledged);
});
