import { rootRoomId } from '@rookery/schemas/protocol';
import { beforeEach, expect, test } from 'vitest';
import { StateStore, type State } from '../engine/engineState.js';
import { FileTransfers } from '../engine/fileTransfers.js';
import { FarFiles } from '../engine/testing/farFiles.js';
import { WindowFiles } from './windowFiles.js';
import { pieceBytesMax } from './windowSource.js';

const bytes = Uint8Array.from({ length: 1_300_000 }, (_, index) => (index * 11) % 253);
const wish = { placeId: rootRoomId, name: 'a.bin', sizeBytes: bytes.length };
const facts = {
  address: { host: 'localhost', port: 1 },
  serverName: '',
  fingerprint: '',
  pin: 'known',
  userId: rootRoomId,
  sessionToken: 1,
} as const;

let far: FarFiles;
let store: StateStore;
let engineFiles: FileTransfers;
let files: WindowFiles;
beforeEach(() => {
  far = new FarFiles();
  store = new StateStore();
  store.update({ connection: { phase: 'connected', ...facts } });
  engineFiles = new FileTransfers({
    connection: { bulk: far.connect(Infinity, () => undefined) },
    get state() {
      return store.state;
    },
    subscribe: (listener) => store.subscribe(listener),
    update: (change: Partial<State>) => store.update(change),
  });
  files = new WindowFiles(engineFiles);
});

/** As a window does. @returns how long each piece was */
async function sendAll(transferId: number, data: Uint8Array): Promise<number[]> {
  const lengths: number[] = [];
  let next = await files.nextPiece(transferId, null);
  while (!('uploadId' in next)) {
    const { offset, length } = next;
    lengths.push(length);
    next = await files.nextPiece(transferId, data.subarray(offset, offset + length));
  }
  return lengths;
}

test('sends what a window has, a piece at a time', async () => {
  const lengths = await sendAll(files.beginUpload(wish), bytes);
  expect(Buffer.compare(far.bytes, bytes)).toBe(0);
  expect(Math.max(...lengths)).toBe(pieceBytesMax);
  expect(store.state.transfers).toEqual([]);
});

test('fails where the file is not as long as the window said', async () => {
  const transferId = files.beginUpload(wish);
  await expect(sendAll(transferId, bytes.subarray(0, 700_000))).rejects.toMatchObject({
    code: 'fileUnreadable',
  });
  expect(store.state.transfers).toEqual([]);
});

test('gives a window what it reads, and the end only where all was right', async () => {
  far.bytes = bytes;
  const { transferId, sizeBytes } = await files.openDownload(rootRoomId, 'original');
  const pieces: Uint8Array[] = [];
  for (let piece = await files.readDownload(transferId); piece !== null;) {
    pieces.push(piece);
    piece = await files.readDownload(transferId);
  }
  expect(sizeBytes).toBe(bytes.length);
  expect(Buffer.compare(Buffer.concat(pieces), bytes)).toBe(0);
  files.closeDownload(transferId);
  expect(store.state.transfers).toEqual([]);
});

test('ends what a window began when it is gone', async () => {
  far.bytes = bytes;
  const other = new WindowFiles(engineFiles);
  const kept = other.beginUpload({ ...wish, name: 'kept.bin' });
  const sent = files.nextPiece(files.beginUpload(wish), null);
  const { transferId } = await files.openDownload(rootRoomId, 'original');
  const read = files.readDownload(transferId);
  files.close();
  await expect(sent).rejects.toMatchObject({ code: 'cancelled' });
  await expect(read).rejects.toMatchObject({ code: 'cancelled' });
  expect(store.state.transfers.map((transfer) => transfer.transferId)).toEqual([kept]);
  expect(() => files.readDownload(transferId)).toThrow('not under way');
});

test.each([{}, { ...wish, sizeBytes: 0 }, { ...wish, sizeBytes: NaN }, { ...wish, placeId: 7 }])(
  'refuses to begin %o',
  (wrong) => {
    const begin = (): number => files.beginUpload(wrong as typeof wish);
    expect(begin).toThrow(expect.objectContaining({ code: 'invalidInput' }));
  },
);

test('holds no more files than it may', () => {
  for (let count = 0; count < 64; count++) files.beginUpload(wish);
  expect(() => files.beginUpload(wish)).toThrow('too many files');
  files.close();
});
