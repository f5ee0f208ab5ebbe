import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { FileVariant } from '@rookery/schemas/generated/rookery/file-variant';
import type { SendMessage, Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import sharp from 'sharp';
import { ask, download, someBytes, startOf, upload } from '../testing/fileTransfers.js';
import type { TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';
import { uploadLimits } from '../uploadLimits.js';

let server: TestServer;
let ada: TestClient;
let bob: TestClient;

beforeAll(async () => {
  const uploads = { ...uploadLimits, sweepIntervalMs: 20 };
  server = await startTestServer({}, { uploads });
  ada = await server.join();
  bob = await server.join();
  for (const client of [ada, bob]) {
    await client.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  }
});

afterAll(async () => {
  await server.close();
});

const say = (attachmentIds: readonly Uuid[], roomId: Uuid = rootRoomId): SendMessage => ({
  type: FrameType.SendMessage,
  roomId,
  text: '',
  clientMessageId: newUuid(),
  replyToId: null,
  attachmentIds,
});

async function codeOf(client: TestClient, command: Parameters<typeof ask>[1]) {
  const answer = await ask(client, command);
  return answer.type === FrameType.Error ? answer.code : null;
}

test('who reads a message gets its file, until the message is deleted', async () => {
  const bytes = someBytes(50_000);
  const { uploadId, hash } = await upload(ada, { bytes, name: 'nest.bin' });
  const sent = await ada.command(say([uploadId]));
  if (sent.type !== FrameType.CommandDone) throw new Error(JSON.stringify(sent));
  await bob.until('the message has come', () => bob.messages.length === 1);
  expect(bob.messages[0]).toMatchObject({ attachmentIds: [uploadId], text: '' });
  expect(Buffer.compare(await download(bob, uploadId), bytes)).toBe(0);
  const outside = await server.join();
  expect(await codeOf(outside, { type: FrameType.ReadFile, uploadId })).toBe(ErrorCode.NoSuchFile);

  const messageId = sent.createdId!;
  await ada.command({ type: FrameType.DeleteMessage, roomId: rootRoomId, messageId });
  expect(await codeOf(bob, { type: FrameType.ReadFile, uploadId })).toBe(ErrorCode.NoSuchFile);
  // And the next sweep takes it from the disk.
  const name = Buffer.from(hash).toString('hex');
  const path = join(server.running.info.dataDirectory, 'uploads', name.slice(0, 2), name);
  await expect.poll(() => existsSync(path), { timeout: 10_000 }).toBe(false);
  expect(await codeOf(ada, { type: FrameType.ReadFile, uploadId })).toBe(ErrorCode.NoSuchFile);
});

test('a file is attached once, by who uploaded it, where it was uploaded to', async () => {
  const { uploadId } = await upload(ada, { bytes: someBytes(100, 2) });
  expect(await codeOf(bob, say([uploadId]))).toBe(ErrorCode.NoSuchFile);
  expect(await codeOf(ada, say([newUuid()]))).toBe(ErrorCode.NoSuchFile);
  expect(await codeOf(ada, say([uploadId, uploadId]))).toBe(ErrorCode.InvalidField);
  const start = await ask(ada, startOf({ bytes: someBytes(100, 3) }));
  if (start.type !== FrameType.UploadAck) throw new Error(JSON.stringify(start));
  expect(await codeOf(ada, say([start.uploadId]))).toBe(ErrorCode.NoSuchFile);
  // Two at the same moment: one gets it.
  const answers = await Promise.all([codeOf(ada, say([uploadId])), codeOf(ada, say([uploadId]))]);
  expect(answers).toEqual([null, ErrorCode.InvalidField]);
});

test('a picture gets a small one; what is no picture, or a bomb, fails in nothing', async () => {
  const create = { width: 900, height: 600, channels: 3, background: '#246' } as const;
  const picture = await sharp({ create }).png().toBuffer();
  const info = await upload(ada, { bytes: new Uint8Array(picture), name: 'nest.png' });
  expect(info).toMatchObject({ mediaType: 'image/png', thumbnail: { width: 320, height: 213 } });
  const small = await download(ada, info.uploadId, { variant: FileVariant.Thumbnail });
  expect(await sharp(small).metadata()).toMatchObject({ format: 'webp', width: 320, height: 213 });

  const cut = await upload(ada, { bytes: new Uint8Array(picture.subarray(0, 200)) });
  expect(cut).toMatchObject({ mediaType: 'image/png', thumbnail: null });
  const huge = { ...create, width: 10_000, height: 6_000 };
  const bomb = await sharp({ create: huge }).png({ compressionLevel: 9 }).toBuffer();
  expect(await upload(ada, { bytes: new Uint8Array(bomb) })).toMatchObject({ thumbnail: null });
});

test('in a talk a file is for those who take part, and for nobody else', async () => {
  const opened = await ada.command({ type: FrameType.OpenTalk, userId: bob.authOk!.userId });
  if (opened.type !== FrameType.CommandDone) throw new Error(JSON.stringify(opened));
  const placeId = opened.createdId!;
  const cleo = await server.join();
  await cleo.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  const bytes = someBytes(50_000, 4);
  expect(await codeOf(cleo, startOf({ bytes, placeId }))).toBe(ErrorCode.NoSuchRoom);

  const { uploadId } = await upload(ada, { bytes, placeId });
  expect(await codeOf(bob, { type: FrameType.ReadFile, uploadId })).toBe(ErrorCode.NoSuchFile);
  // Not to be shown in a place that others read.
  expect(await codeOf(ada, say([uploadId]))).toBe(ErrorCode.NoSuchFile);
  const before = bob.messages.length;
  expect(await codeOf(ada, say([uploadId], placeId))).toBe(null);
  await bob.until('the message has come', () => bob.messages.length > before);
  expect(bob.messages.at(-1)).toMatchObject({ roomId: placeId, attachmentIds: [uploadId] });
  expect(Buffer.compare(await download(bob, uploadId), bytes)).toBe(0);
  expect(await codeOf(cleo, { type: FrameType.ReadFile, uploadId })).toBe(ErrorCode.NoSuchFile);
});
