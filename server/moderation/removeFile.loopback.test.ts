import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { FileInfo, Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { newUuid } from '@rookery/schemas/uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkData } from '../store/checkData.js';
import { ask, download, someBytes, upload } from '../testing/fileTransfers.js';
import { auditSeenBy, done, enterRoom, idOf, refusedWith } from '../testing/moderating.js';
import { startRankedServer, type RankedServer } from '../testing/rankedServer.js';
import type { TestClient } from '../testing/testClient.js';
import { uploadLimits } from '../uploadLimits.js';

const bytes = someBytes(50_000);

let ranked: RankedServer;
let mona: TestClient;
let tom: TestClient;
let ben: TestClient;

beforeEach(async () => {
  // One file fills what a user may keep.
  const uploads = { ...uploadLimits, sizeBytesMax: 100_000, userBytesMax: 100_000 };
  const ranks = { Mona: 'moderator', Max: 'moderator', Tom: 'member', Ben: 'member' } as const;
  ranked = await startRankedServer(ranks, { uploads });
  [mona, tom, ben] = await Promise.all([
    ranked.joinAs('Mona'),
    ranked.joinAs('Tom'),
    ranked.joinAs('Ben'),
  ]);
  for (const client of [mona, tom, ben]) await done(client, enterRoom(rootRoomId));
});
afterEach(() => ranked.close());

const removeFile = (uploadId: Uuid, roomId = rootRoomId, reason = '') => {
  return { type: FrameType.RemoveFile, roomId, uploadId, reason } as const;
};

/** @returns the file, shown by a message that all have */
async function shownFile(author: TestClient, name: string, content = bytes): Promise<FileInfo> {
  const file = await upload(author, { bytes: content, name });
  await done(author, {
    ...{ type: FrameType.SendMessage, roomId: rootRoomId, text: '', replyToId: null },
    ...{ clientMessageId: newUuid(), attachmentIds: [file.uploadId] },
  });
  return file;
}

async function isThere(client: TestClient, uploadId: Uuid): Promise<boolean> {
  return (await ask(client, { type: FrameType.ReadFile, uploadId })).type === FrameType.FileInfo;
}

function isOnDisk({ hash }: FileInfo): boolean {
  const name = Buffer.from(hash).toString('hex');
  const { dataDirectory } = ranked.server.running.info;
  return existsSync(join(dataDirectory, 'uploads', name.slice(0, 2), name));
}

describe("somebody else's file, removed by a moderator,", () => {
  test('is on no disk, fetched by nobody, and charged to nobody', async () => {
    const file = await shownFile(tom, 'nest.bin', someBytes(90_000, 2));
    const { uploadId } = file;
    await expect(upload(tom, { bytes: someBytes(90_000, 3) })).rejects.toThrow(/as many files/);
    expect(Buffer.compare(await download(ben, uploadId), someBytes(90_000, 2))).toBe(0);
    await done(mona, removeFile(uploadId, rootRoomId, 'not ours'));
    expect(isOnDisk(file)).toBe(false);
    for (const client of [mona, tom, ben]) {
      expect(await isThere(client, uploadId)).toBe(false);
      await expect(download(client, uploadId)).rejects.toThrow(/no such file/);
    }
    await upload(tom, { bytes: someBytes(90_000, 3) });
    expect(await auditSeenBy(mona)).toMatchObject([
      {
        ...{ action: 'removeFile', actorName: 'Mona', targetName: 'Tom', roomId: rootRoomId },
        ...{ isRefused: false, detail: `nest.bin, file ${uploadId}: not ours` },
      },
    ]);
    expect(await refusedWith(mona, removeFile(uploadId))).toBe(ErrorCode.NoSuchFile);
    await ranked.restart();
    mona = await ranked.joinAs('Mona');
    expect(await isThere(mona, uploadId)).toBe(false);
    const { problems } = await checkData(ranked.server.running.info.dataDirectory);
    expect(problems).toEqual([]);
  });

  test('is kept for others who uploaded the same', async () => {
    const [toms, bens] = [await shownFile(tom, 'toms.bin'), await shownFile(ben, 'bens.bin')];
    await done(mona, removeFile(toms.uploadId));
    expect(await isThere(tom, toms.uploadId)).toBe(false);
    expect(Buffer.compare(await download(tom, bens.uploadId), bytes)).toBe(0);
  });

  test('goes once, when two remove it at once', async () => {
    const { uploadId } = await shownFile(tom, 'nest.bin');
    const answers = await Promise.all(
      [mona, mona].map((client) => client.command(removeFile(uploadId))),
    );
    expect(answers.map(({ type }) => type).sort()).toEqual(
      [FrameType.CommandDone, FrameType.Error].sort(),
    );
    const actions = (await auditSeenBy(mona)).map(({ action }) => action);
    expect(actions).toEqual(['removeFile']);
  });
});

test('who may not moderate there, or not that user, removes nothing', async () => {
  const max = await ranked.joinAs('Max');
  await done(max, enterRoom(rootRoomId));
  const { uploadId } = await shownFile(max, 'max.bin');
  expect(await refusedWith(tom, removeFile(uploadId))).toBe(ErrorCode.NotPermitted);
  expect(await refusedWith(mona, removeFile(uploadId))).toBe(ErrorCode.NotPermitted);
  const games = await done(mona, {
    ...{ type: FrameType.CreateRoom, isTemporary: false, parentId: rootRoomId, name: 'Games' },
  });
  // Of another room than said: as if it were not there.
  expect(await refusedWith(mona, removeFile(uploadId, games))).toBe(ErrorCode.NoSuchFile);
  expect(await isThere(ben, uploadId)).toBe(true);
  expect(await auditSeenBy(mona)).toMatchObject([
    { action: 'createRoom' },
    { action: 'removeFile', actorId: idOf(mona), isRefused: true },
    { action: 'removeFile', actorId: idOf(tom), isRefused: true },
  ]);
  await done(max, removeFile(uploadId));
  expect(await isThere(ben, uploadId)).toBe(false);
});
