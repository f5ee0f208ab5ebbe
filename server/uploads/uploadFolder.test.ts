import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newUuid } from '@rookery/schemas/uuid';
import type { UploadRecord } from '../store/uploadRecord.js';
import { UploadFolder } from './uploadFolder.js';

let directory: string;
let folder: UploadFolder;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-uploads-'));
  folder = new UploadFolder(directory);
});

afterEach(() => rmSync(directory, { recursive: true }));

const hash = new Uint8Array(32).fill(7);

/** An upload of which these bytes have come. */
async function come(text: string): Promise<UploadRecord> {
  const uploadId = newUuid();
  const { file } = await folder.openUnfinished(uploadId);
  await file.writeFile(text);
  await file.close();
  return {
    uploadId,
    userId: newUuid(),
    placeId: newUuid(),
    name: 'a.txt',
    sizeBytes: text.length,
    hash,
    startedAtMs: 1,
    finished: null,
  };
}

async function cameOf({ uploadId }: UploadRecord): Promise<number> {
  const { file, sizeBytes } = await folder.openUnfinished(uploadId);
  await file.close();
  return sizeBytes;
}

test('what came is there until the upload is known to be finished', async () => {
  const upload = await come('hello');
  await folder.keep(upload, null);
  expect(readFileSync(folder.contentPath(hash), 'utf8')).toBe('hello');
  expect(await cameOf(upload)).toBe(5);
  // As a start does where the index knows of no finished upload with that content.
  await folder.removeContent(hash);
  expect(await cameOf(upload)).toBe(5);
  await folder.keep(upload, null);
  await folder.removeUnfinished(upload.uploadId);
  expect(readFileSync(folder.contentPath(hash), 'utf8')).toBe('hello');
});

test('a content that is there already stays, and one that was cut off is replaced', async () => {
  const [first, second] = [await come('hello'), await come('hello')];
  await folder.keep(first, null);
  await folder.keep(second, null);
  expect(await cameOf(second)).toBe(5);
  const cut = await come('hel');
  await folder.removeContent(hash);
  await folder.keep(cut, null);
  await folder.keep(second, null);
  expect(readFileSync(folder.contentPath(hash), 'utf8')).toBe('hello');
});
