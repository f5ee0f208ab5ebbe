import { afterEach, beforeEach, expect, test } from 'vitest';
import { newTimeOrderedUuid, newUuid } from '@rookery/schemas/uuid';
import { openTestDatabase, type TestDatabase } from '../testing/testDatabase.js';
import { decodeUpload, encodeUpload, type UploadRecord } from './uploadRecord.js';
import { Uploads } from './uploads.js';

let kept: TestDatabase;
let uploads: Uploads;

beforeEach(() => {
  kept = openTestDatabase();
  uploads = new Uploads(kept.database);
});

afterEach(async () => {
  await kept.remove();
});

const finished = { finishedAtMs: 2, mediaType: 'image/png', thumbnail: null, messageId: null };
const record = (hash: number, more: Partial<UploadRecord> = {}): UploadRecord => ({
  uploadId: newTimeOrderedUuid(Date.now()),
  userId: newUuid(),
  placeId: newUuid(),
  name: 'Nest \u{1fab9}.png',
  sizeBytes: 2 ** 40,
  hash: new Uint8Array(32).fill(hash),
  startedAtMs: 1,
  finished: null,
  ...more,
});

/** As their keys sort: ids of one millisecond are in no order of time. */
const sorted = (records: readonly UploadRecord[]): UploadRecord[] =>
  [...records].sort((a, b) => (a.uploadId < b.uploadId ? -1 : 1));

test('a record comes back as it was, whatever it has', () => {
  const thumbnail = { width: 320, height: 1, sizeBytes: 9 };
  for (const more of [
    {},
    { finished },
    { finished: { ...finished, thumbnail } },
    { finished: { ...finished, messageId: newUuid() } },
    { finished: { ...finished, thumbnail, messageId: newUuid() } },
  ]) {
    const upload = record(1, more);
    expect(decodeUpload(upload.uploadId, encodeUpload(upload))).toEqual(upload);
  }
});

test('a record of the first version is read for ever', () => {
  const uploadId = newUuid();
  const bytes = Buffer.concat([
    Buffer.from([1, 7]),
    Buffer.alloc(16, 0x11),
    Buffer.alloc(16, 0x22),
    Buffer.from('010061' + '050000000000', 'hex'),
    Buffer.alloc(32, 0x33),
    Buffer.from('010000000000' + '020000000000' + '010062', 'hex'),
    Buffer.from('40010100' + '09000000', 'hex'),
    Buffer.alloc(16, 0x44),
  ]);
  expect(decodeUpload(uploadId, new Uint8Array(bytes))).toEqual({
    uploadId,
    userId: '11111111-1111-1111-1111-111111111111',
    placeId: '22222222-2222-2222-2222-222222222222',
    name: 'a',
    sizeBytes: 5,
    hash: new Uint8Array(32).fill(0x33),
    startedAtMs: 1,
    finished: {
      finishedAtMs: 2,
      mediaType: 'b',
      thumbnail: { width: 320, height: 1, sizeBytes: 9 },
      messageId: '44444444-4444-4444-4444-444444444444',
    },
  });
});

test('a content is kept as long as one finished upload has it', async () => {
  const [first, second] = [record(7, { finished }), record(7, { finished })];
  const { hash } = first;
  await uploads.put(record(7));
  expect(uploads.isContentKept(hash)).toBe(false);
  await Promise.all([
    uploads.put(first),
    uploads.put(second),
    uploads.put(record(8, { finished })),
  ]);
  expect(uploads.withContent(hash, 10)).toEqual(sorted([first, second]));
  await uploads.remove(first);
  expect(uploads.isContentKept(hash)).toBe(true);
  await uploads.remove(second);
  expect(uploads.isContentKept(hash)).toBe(false);
});

test('pages show every upload once', async () => {
  const all = Array.from({ length: 5 }, () => record(1));
  await Promise.all(all.map((upload) => uploads.put(upload)));
  const first = uploads.page(null, 3);
  const second = uploads.page(first.at(-1)!.uploadId, 3);
  expect([...first, ...second]).toEqual(sorted(all));
  expect(uploads.page(second.at(-1)!.uploadId, 3)).toEqual([]);
});
