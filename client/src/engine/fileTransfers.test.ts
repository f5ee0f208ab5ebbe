import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { FileVariant } from '@rookery/schemas/generated/rookery/file-variant';
import { fileTransfer, rootRoomId } from '@rookery/schemas/protocol';
import { ScratchFolder } from '../testing/scratchFolder.js';
import type { BulkPath } from './bulkPath.js';
import { initialState, StateStore, type State } from './engineState.js';
import { openFileSource } from './fileSource.js';
import { FileTransfers, type TransferSession } from './fileTransfers.js';
import { FarFiles } from './testing/farFiles.js';

const bytes = Uint8Array.from({ length: 1_200_000 }, (_, index) => (index * 7) % 251);
const facts = {
  address: { host: 'localhost', port: 1 },
  serverName: '',
  fingerprint: '',
  pin: 'known',
  userId: rootRoomId,
  sessionToken: 1,
} as const;

let scratch: ScratchFolder;
let far: FarFiles;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
});
afterAll(() => scratch.remove());
beforeEach(() => {
  far = new FarFiles();
});

/** A session whose connections end after so many chunks each, and come back but for the last. */
class LossySession implements TransferSession {
  connection: { readonly bulk: BulkPath } | null = null;
  private readonly store = new StateStore();

  constructor(private readonly lives: number[]) {
    this.next();
  }

  get state(): State {
    return this.store.state;
  }

  subscribe(listener: (state: State) => void): () => void {
    return this.store.subscribe(listener);
  }

  update(change: Partial<State>): void {
    this.store.update(change);
  }

  private next(): void {
    const life = this.lives.shift();
    if (life === undefined) {
      const reason = { code: 'unreachable', message: 'gave up' } as const;
      this.update({ connection: { phase: 'disconnected', reason } });
      return;
    }
    this.connection = { bulk: far.connect(life, () => this.lose()) };
    this.update({ connection: { phase: 'connected', ...facts } });
  }

  private lose(): void {
    const reason = { code: 'disconnected', message: 'lost' } as const;
    this.connection = null;
    this.update({ connection: { phase: 'reconnecting', address: facts.address, reason } });
    setImmediate(() => this.next());
  }
}

it('goes on with an upload where the server has it, within the window', async () => {
  const session = new LossySession([5, 0, 12, Infinity]);
  const transfers: number[] = [];
  session.subscribe((state) => transfers.push(state.transfers.length));
  const progress: number[] = [];
  const info = await new FileTransfers(session).upload(
    rootRoomId,
    { name: '../nest.bin', bytes },
    (doneBytes) => progress.push(doneBytes),
  );
  expect(info.sizeBytes).toBe(bytes.length);
  // Element by element takes seconds.
  expect(Buffer.compare(far.bytes, bytes)).toBe(0);
  expect(far.underWayMax).toBeLessThanOrEqual(fileTransfer.uploadWindowBytes);
  expect(progress.at(-1)).toBe(bytes.length);
  expect(Math.max(...transfers)).toBe(1);
  expect(session.state.transfers).toEqual(initialState.transfers);
});

it('goes on with a download where it was, and gives the file its name at the end', async () => {
  far.bytes = bytes;
  const session = new LossySession([3, 33, Infinity]);
  const path = scratch.in('fetched.bin');
  await new FileTransfers(session).download(rootRoomId, path);
  expect(Buffer.compare(await readFile(path), bytes)).toBe(0);
});

it('says that a file has no small picture', async () => {
  far.bytes = bytes;
  const path = scratch.in('small.webp');
  const fetched = new FileTransfers(new LossySession([1])).downloadThumbnail(rootRoomId, path);
  await expect(fetched).rejects.toMatchObject({ code: 'invalidInput' });
});

it('leaves nothing behind when the server does not come back', async () => {
  far.bytes = bytes;
  const path = scratch.in('never.bin');
  const download = new FileTransfers(new LossySession([3])).download(rootRoomId, path);
  await expect(download).rejects.toMatchObject({ code: 'unreachable', message: 'gave up' });
  far = new FarFiles();
  const upload = new FileTransfers(new LossySession([3])).upload(rootRoomId, { name: 'x', bytes });
  await expect(upload).rejects.toMatchObject({ code: 'unreachable' });
  expect((await readdir(scratch.in('.'))).filter((name) => name.startsWith('never'))).toEqual([]);
});

it('says which file it cannot read', async () => {
  const path = scratch.in('nowhere');
  const upload = new FileTransfers(new LossySession([1])).upload(rootRoomId, { path });
  await expect(upload).rejects.toMatchObject({ code: 'fileUnreadable' });
});

it('shows a second upload as waiting, and ends each when it is not wanted', async () => {
  const session = new LossySession([Infinity]);
  const files = new FileTransfers(session);
  const source = (name: string) => openFileSource({ name, bytes });
  const first = files.begin(rootRoomId, await source('first.bin'));
  const second = files.begin(rootRoomId, await source('second.bin'));
  const third = files.begin(rootRoomId, await source('third.bin'));
  const phases = session.state.transfers.map(({ name, phase }) => [name, phase]);
  expect(phases).toEqual([
    ['first.bin', 'preparing'],
    ['second.bin', 'waiting'],
    ['third.bin', 'waiting'],
  ]);
  files.cancel(second.transferId);
  await expect(second.facts).rejects.toMatchObject({ code: 'cancelled' });
  session.subscribe(({ transfers }) => {
    const [shown] = transfers;
    if (shown?.phase === 'moving' && shown.doneBytes > 0) files.cancel(first.transferId);
  });
  await expect(first.facts).rejects.toMatchObject({ code: 'cancelled' });
  expect(far.cancelled).toBe(1);
  expect((await third.facts).sizeBytes).toBe(bytes.length);
  expect(session.state.transfers).toEqual([]);
});

it('takes a download back, also while another goes on', async () => {
  far.bytes = bytes;
  const session = new LossySession([Infinity]);
  const files = new FileTransfers(session);
  const unwanted = await files.openReader(rootRoomId, FileVariant.Original);
  const wanted = await files.openReader(rootRoomId, FileVariant.Original);
  const [first, second] = [unwanted.read(), wanted.read()];
  files.cancel(unwanted.transferId);
  await expect(first).rejects.toMatchObject({ code: 'cancelled' });
  unwanted.close();
  const pieces = [await second, await wanted.read()];
  expect(await wanted.read()).toBeNull();
  wanted.close();
  expect(Buffer.compare(Buffer.concat(pieces.map((piece) => piece!)), bytes)).toBe(0);
  expect(session.state.transfers).toEqual([]);
});

it('refuses a file that is not what its hash says', async () => {
  far.bytes = bytes;
  far.hash = new Uint8Array(32);
  const path = scratch.in('false.bin');
  const fetched = new FileTransfers(new LossySession([Infinity])).download(rootRoomId, path);
  await expect(fetched).rejects.toMatchObject({ code: 'protocolViolation' });
  expect((await readdir(scratch.in('.'))).filter((name) => name.startsWith('false'))).toEqual([]);
});

it.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\x\\run.bat', 'run.bat'],
  ['photo\u202Egnp.exe', 'photognp.exe'],
  ['.', 'file'],
])('calls %s of a server %s', async (name, cleaned) => {
  far.bytes = bytes;
  far.name = name;
  const info = await new FileTransfers(new LossySession([1])).info(rootRoomId);
  expect(info.name).toBe(cleaned);
});
