import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { fileTransfer, rootRoomId } from '@rookery/schemas/protocol';
import { textToSend } from '@rookery/schemas/testing/textToSend';
import { controlLimits } from '../limits.js';
import { ask, download, sendChunks, someBytes, startOf, upload } from '../testing/fileTransfers.js';
import { mountSmallDisk, type SmallDisk } from '../testing/smallDisk.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';
import { uploadLimits } from '../uploadLimits.js';

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

/** Others fill the disk but for so much. */
function fillBut(freeBytes: number): void {
  const { bavail, bsize } = statfsSync(disk.path);
  writeFileSync(join(disk.path, 'ballast'), new Uint8Array(bavail * bsize - freeBytes));
}

test('a disk that fills up while a file comes is told, and the file goes on', async (context) => {
  if (!disk.isMounted) context.skip('a small disk cannot be mounted here');
  const store = { ...controlLimits.store, retryAfterFaultMs: 1, diskReserveBytes: 4_096 };
  const uploads = { ...uploadLimits, diskReserveBytes: 4_096 };
  const dataDirectory = join(disk.path, 'data');
  server = await startTestServer({ dataDirectory }, { store, uploads });
  const ada = await server.join();
  await ada.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  const before = await upload(ada, { bytes: someBytes(50_000, 1) });
  const bytes = someBytes(500_000, 2);
  const ack = await ask(ada, startOf({ bytes }));
  if (ack.type !== FrameType.UploadAck) throw new Error(JSON.stringify(ack));
  const { uploadId } = ack;
  const end = fileTransfer.chunkBytesMax;
  await sendChunks(ada, uploadId, bytes, { end });

  fillBut(end + end / 2);
  const refused = await sendChunks(ada, uploadId, bytes, { offset: end });
  expect(refused).toMatchObject({ type: FrameType.TransferFailed, code: ErrorCode.StorageFull });
  const again = await ask(ada, startOf({ bytes }));
  expect(again).toMatchObject({ type: FrameType.Error, code: ErrorCode.StorageFull });
  // What needs no disk goes on: people read, come in, and move.
  expect(Buffer.compare(await download(ada, before.uploadId), someBytes(50_000, 1))).toBe(0);
  const bob = await server.join();
  const joined = await bob.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  expect(joined.type).toBe(FrameType.CommandDone);

  rmSync(join(disk.path, 'ballast'));
  const onward = await ask(ada, startOf({ bytes }));
  expect(onward).toMatchObject({ type: FrameType.UploadAck, uploadId });
  expect((onward as typeof ack).offset).toBeGreaterThanOrEqual(end);
  const whole = await upload(ada, { bytes });
  expect(whole.uploadId).toBe(uploadId);
  expect(Buffer.compare(await download(ada, uploadId), bytes)).toBe(0);
  const sent = await ada.command(textToSend(rootRoomId, 'There is space.'));
  expect(sent.type).toBe(FrameType.CommandDone);
});
