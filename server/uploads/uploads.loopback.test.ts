import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { FileVariant } from '@rookery/schemas/generated/rookery/file-variant';
import type { Message } from '@rookery/schemas/messages';
import { fileTransfer, rootRoomId } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { laneLimits } from '../laneLimits.js';
import {
  ask,
  download,
  sendChunks,
  someBytes,
  startOf,
  upload,
  type SentFile,
} from '../testing/fileTransfers.js';
import { createIdentity, type TestClient, type TestIdentity } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';
import { uploadLimits, type UploadLimits } from '../uploadLimits.js';

let server: TestServer;
let ada: TestClient;

/** Another content in each test. */
let small: Uint8Array;
let seed = 0;

beforeAll(async () => {
  server = await startTestServer();
});

beforeEach(async () => {
  seed += 1;
  small = someBytes(100_000, seed);
  ada = await inLobby(createIdentity());
});

afterAll(async () => {
  await server.close();
});

async function inLobby(identity: TestIdentity): Promise<TestClient> {
  const client = await server.join({ identity });
  await client.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
  return client;
}

/** A server of its own, with other limits. */
async function restart(limits: Partial<UploadLimits>): Promise<void> {
  await server.close();
  server = await startTestServer({}, { uploads: { ...uploadLimits, ...limits } });
  ada = await inLobby(createIdentity());
}

function codeOf(answer: Message): ErrorCode | null {
  const hasCode = answer.type === FrameType.Error || answer.type === FrameType.TransferFailed;
  return hasCode ? answer.code : null;
}

async function begin(file: SentFile): Promise<string> {
  const ack = await ask(ada, startOf(file));
  if (ack.type !== FrameType.UploadAck) throw new Error(JSON.stringify(ack));
  return ack.uploadId;
}

const folder = (): string => join(server.running.info.dataDirectory, 'uploads');
const unfinished = (): string[] => readdirSync(join(folder(), 'unfinished'));
const contents = (): string[] =>
  readdirSync(folder(), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^..[/\\][0-9a-f]{64}$/.test(name),
  );

describe('a file', () => {
  test('comes in, and goes out as it came, whole and in parts', async () => {
    const info = await upload(ada, { bytes: small, name: '../Nest \u202eegg.bin' });
    expect(info).toMatchObject({
      name: 'Nest egg.bin',
      sizeBytes: small.length,
      placeId: rootRoomId,
      userId: ada.authOk!.userId,
      mediaType: 'application/octet-stream',
      thumbnail: null,
    });
    expect(Buffer.compare(await download(ada, info.uploadId), small)).toBe(0);
    const part = await download(ada, info.uploadId, { offset: 40_000, length: 50_001 });
    expect(Buffer.compare(part, small.subarray(40_000, 90_001))).toBe(0);
    expect(
      Buffer.compare(
        await download(ada, info.uploadId, { offset: 99_999 }),
        small.subarray(99_999),
      ),
    ).toBe(0);
  });

  test('that several upload is kept once, and asked of each of them', async () => {
    const bob = await inLobby(createIdentity());
    const before = contents().length;
    const first = await upload(ada, { bytes: small });
    const ack = await ask(bob, startOf({ bytes: small }));
    // To know a hash is not to have the file.
    expect(ack).toMatchObject({ type: FrameType.UploadAck, offset: 0 });
    const second = await upload(bob, { bytes: small });
    expect(second.uploadId).not.toBe(first.uploadId);
    expect(contents()).toHaveLength(before + 1);
    // Whoever has it need not send it again.
    const again = await ask(ada, startOf({ bytes: small, name: 'other.bin' }));
    expect(again).toMatchObject({ type: FrameType.UploadAck, offset: small.length });
  });

  test('goes on where it was after another login', async () => {
    const identity = createIdentity();
    ada = await inLobby(identity);
    const uploadId = await begin({ bytes: small });
    await sendChunks(ada, uploadId, small, { end: 65_536 });
    ada = await inLobby(identity);
    const ack = await ask(ada, startOf({ bytes: small }));
    expect(ack).toMatchObject({ uploadId, offset: 65_536 });
    const info = await upload(ada, { bytes: small });
    expect(info.uploadId).toBe(uploadId);
    expect(Buffer.compare(await download(ada, uploadId), small)).toBe(0);
  });

  test('is not there for others before a message shows it', async () => {
    const { uploadId } = await upload(ada, { bytes: small });
    const bob = await inLobby(createIdentity());
    expect(codeOf(await ask(bob, { type: FrameType.ReadFile, uploadId }))).toBe(
      ErrorCode.NoSuchFile,
    );
    const range = {
      downloadId: 1,
      uploadId,
      variant: FileVariant.Original,
      offset: 0,
      length: 1,
    } as const;
    expect(codeOf(await ask(bob, { type: FrameType.DownloadRange, ...range }))).toBe(
      ErrorCode.NoSuchFile,
    );
  });

  test('that was completed is told of again to whom the answer was lost', async () => {
    const info = await upload(ada, { bytes: small });
    const { uploadId } = info;
    expect(await ask(ada, { type: FrameType.UploadComplete, uploadId })).toEqual(info);
  });

  test('that is cancelled is gone', async () => {
    const uploadId = await begin({ bytes: small });
    await sendChunks(ada, uploadId, small, { end: 65_536 });
    const answer = await ask(ada, { type: FrameType.UploadCancel, uploadId });
    expect(answer.type).toBe(FrameType.CommandDone);
    expect(unfinished()).not.toContain(uploadId);
    expect(await ask(ada, startOf({ bytes: small }))).toMatchObject({ offset: 0 });
  });
});

describe('bad input', () => {
  test('a hash that is a lie: nothing is kept', async () => {
    const before = contents();
    const uploadId = await begin({ bytes: small, hash: new Uint8Array(32) });
    await sendChunks(ada, uploadId, small);
    const answer = await ask(ada, { type: FrameType.UploadComplete, uploadId });
    expect(codeOf(answer)).toBe(ErrorCode.FileMismatch);
    expect(contents()).toEqual(before);
    expect(unfinished()).not.toContain(uploadId);
  });

  test('a size that is a lie: nothing is kept', async () => {
    const uploadId = await begin({ bytes: small, sizeBytes: 60_000 });
    const answer = await sendChunks(ada, uploadId, small);
    expect(codeOf(answer!)).toBe(ErrorCode.FileMismatch);
    const longer = await begin({ bytes: small, sizeBytes: 100_001 });
    await sendChunks(ada, longer, small);
    const end = await ask(ada, { type: FrameType.UploadComplete, uploadId: longer });
    expect(codeOf(end)).toBe(ErrorCode.FileMismatch);
    expect(unfinished()).not.toContain(uploadId);
    expect(unfinished()).not.toContain(longer);
  });

  test('a chunk out of order: the upload stops, and what came is kept', async () => {
    const uploadId = await begin({ bytes: small });
    await sendChunks(ada, uploadId, small, { end: 32_768 });
    const chunk = { type: FrameType.UploadChunk, uploadId, bytes: small.subarray(0, 10) } as const;
    expect(codeOf(await ask(ada, { ...chunk, offset: 65_536 }))).toBe(ErrorCode.InvalidField);
    expect(codeOf(await ask(ada, { ...chunk, offset: 32_768 }))).toBe(ErrorCode.NoSuchFile);
    expect(await ask(ada, startOf({ bytes: small }))).toMatchObject({ offset: 32_768 });
  });

  test('chunks for an upload of somebody else, or none, change nothing', async () => {
    const uploadId = await begin({ bytes: small });
    const bob = await inLobby(createIdentity());
    const chunk = { type: FrameType.UploadChunk, offset: 0, bytes: small.subarray(0, 10) } as const;
    for (const id of [uploadId, newUuid()]) {
      const answer = await ask(bob, { ...chunk, uploadId: id });
      expect(answer).toMatchObject({ type: FrameType.TransferFailed, code: ErrorCode.NoSuchFile });
      expect(codeOf(await ask(bob, { type: FrameType.UploadComplete, uploadId: id }))).toBe(
        ErrorCode.NoSuchFile,
      );
      expect(codeOf(await ask(bob, { type: FrameType.UploadCancel, uploadId: id }))).toBe(
        ErrorCode.NoSuchFile,
      );
    }
    expect(await sendChunks(ada, uploadId, small)).toMatchObject({ offset: small.length });
  });

  test('a file that is empty, too large, or for a place that one does not read', async () => {
    const start = startOf({ bytes: small });
    const codes = [
      { ...start, sizeBytes: 0 },
      { ...start, sizeBytes: uploadLimits.sizeBytesMax + 1 },
      { ...start, sizeBytes: Number.MAX_SAFE_INTEGER },
      { ...start, placeId: newUuid() },
    ].map(async (asked) => codeOf(await ask(ada, asked)));
    expect(await Promise.all(codes)).toEqual([
      ErrorCode.InvalidField,
      ErrorCode.FileTooLarge,
      ErrorCode.FileTooLarge,
      ErrorCode.NoSuchRoom,
    ]);
  });

  test('a range of 2^31 bytes, of none, or behind the end', async () => {
    const { uploadId } = await upload(ada, { bytes: small });
    const range = {
      type: FrameType.DownloadRange,
      downloadId: 1,
      uploadId,
      variant: FileVariant.Original,
    } as const;
    const codes = [
      { ...range, offset: 0, length: 2 ** 31 },
      { ...range, offset: 0, length: fileTransfer.rangeBytesMax + 1 },
      { ...range, offset: 0, length: 0 },
      { ...range, offset: small.length, length: 1 },
      { ...range, offset: Number.MAX_SAFE_INTEGER, length: 1 },
    ].map(async (asked) => codeOf(await ask(ada, asked)));
    expect(new Set(await Promise.all(codes))).toEqual(new Set([ErrorCode.InvalidField]));
    expect(
      codeOf(await ask(ada, { ...range, variant: FileVariant.Thumbnail, offset: 0, length: 1 })),
    ).toBe(ErrorCode.NoSuchFile);
  });

  test('more chunks at once than may be unanswered are refused', async () => {
    const bytes = small.subarray(0, 6_000);
    const uploadId = await begin({ bytes });
    // They come in one turn, so that none is written before the last has come.
    const requests = Array.from({ length: 60 }, (_, index) => {
      const offset = index * 100;
      const piece = bytes.subarray(offset, offset + 100);
      return ask(ada, { type: FrameType.UploadChunk, uploadId, offset, bytes: piece });
    });
    const codes = (await Promise.all(requests)).map(codeOf);
    expect(codes.filter((code) => code === null)).toHaveLength(laneLimits.bulk.unansweredMax);
    expect(codes.slice(laneLimits.bulk.unansweredMax)).toContain(ErrorCode.TooFast);
    const ack = await ask(ada, startOf({ bytes }));
    expect(ack).toMatchObject({ uploadId, offset: 100 * laneLimits.bulk.unansweredMax });
  });
});

describe('limits', () => {
  test('of a user and of the server', async () => {
    await restart({ sizeBytesMax: 100_000, userBytesMax: 150_000, serverBytesMax: 240_000 });
    const other = someBytes(100_000, 2);
    await upload(ada, { bytes: small });
    expect(codeOf(await ask(ada, startOf({ bytes: other })))).toBe(ErrorCode.QuotaReached);
    const bob = await inLobby(createIdentity());
    await upload(bob, { bytes: other });
    const carla = await inLobby(createIdentity());
    const refused = await ask(carla, startOf({ bytes: someBytes(60_000) }));
    expect(refused).toMatchObject({ code: ErrorCode.QuotaReached, message: /server/ });
  });

  test('of files under way at a time, and of those left unfinished', async () => {
    await restart({ activePerUserMax: 2, unfinishedPerUserMax: 3 });
    const identity = createIdentity();
    ada = await inLobby(identity);
    const ids = [
      await begin({ bytes: small, name: 'a' }),
      await begin({ bytes: small, name: 'b' }),
    ];
    expect(codeOf(await ask(ada, startOf({ bytes: small, name: 'c' })))).toBe(
      ErrorCode.LimitReached,
    );
    await ask(ada, { type: FrameType.UploadCancel, uploadId: ids[0]! });
    await begin({ bytes: small, name: 'c' });
    ada = await inLobby(identity);
    await begin({ bytes: small, name: 'd' });
    expect(codeOf(await ask(ada, startOf({ bytes: small, name: 'e' })))).toBe(
      ErrorCode.LimitReached,
    );
  });

  test('of the disk: refused before a byte of it has come', async () => {
    await restart({ diskReserveBytes: Number.MAX_SAFE_INTEGER - 10 * uploadLimits.sizeBytesMax });
    expect(codeOf(await ask(ada, startOf({ bytes: small })))).toBe(ErrorCode.StorageFull);
  });
});

test('an upload survives the end of the server, and goes on', async () => {
  const dataDirectory = join(server.running.info.dataDirectory, '..', 'kept');
  await server.close();
  server = await startTestServer({ dataDirectory });
  const identity = createIdentity();
  ada = await inLobby(identity);
  const done = await upload(ada, { bytes: someBytes(5_000, 9), name: 'done.bin' });
  const uploadId = await begin({ bytes: small });
  await sendChunks(ada, uploadId, small, { end: 98_304 });
  await server.close();

  server = await startTestServer({ dataDirectory });
  ada = await inLobby(identity);
  expect(await ask(ada, startOf({ bytes: small }))).toMatchObject({ uploadId, offset: 98_304 });
  await upload(ada, { bytes: small });
  expect(Buffer.compare(await download(ada, uploadId), small)).toBe(0);
  expect(Buffer.compare(await download(ada, done.uploadId), someBytes(5_000, 9))).toBe(0);
  expect(existsSync(join(folder(), 'unfinished', uploadId))).toBe(false);
});
