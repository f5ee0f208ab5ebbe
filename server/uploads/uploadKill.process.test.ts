import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import type { Uuid } from '@rookery/schemas/messages';
import { fileTransfer, rootRoomId } from '@rookery/schemas/protocol';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { newUuid } from '@rookery/schemas/uuid';
import { pino } from 'pino';
import { controlLimits } from '../limits.js';
import { checkData } from '../store/checkData.js';
import { openStore } from '../store/store.js';
import { ask, download, sendChunks, someBytes, startOf, upload } from '../testing/fileTransfers.js';
import { testOptions, ServerProcess } from '../testing/serverProcess.js';
import { createIdentity, type TestClient } from '../testing/testClient.js';
import { openTestClients } from '../testing/testServer.js';

/** Rounds of uploading and killing; ROOKERY_KILL_ROUNDS=1000 for the full run. */
const rounds = Number(process.env['ROOKERY_KILL_ROUNDS'] ?? 2);
const seed = Number(process.env['ROOKERY_KILL_SEED'] ?? 1);
/** Acknowledgements after which a server is killed, at most: chunks and whole files. */
const acknowledgedMax = 40;
const roundMsMax = 20_000;
const uploadersMax = 3;

const identity = createIdentity();

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-upload-kill-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** A file that is being sent. */
interface Begun {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** How much of it the server said that it has. */
  acknowledgedBytes: number;
}

/** What a round was told, until the server was gone. */
class Told {
  readonly finished = new Map<Uuid, Uint8Array>();
  readonly begun = new Set<Begun>();
  count = 0;
}

/** Uploads files without end. */
async function uploadOn(client: TestClient, told: Told, random: SeededRandom, onTold: () => void) {
  for (;;) {
    const bytes = someBytes(1 + random.below(200_000), random.below(1_000_000));
    const begun = { name: newUuid(), bytes, acknowledgedBytes: 0 };
    told.begun.add(begun);
    const ack = await ask(client, startOf(begun));
    if (ack.type !== FrameType.UploadAck) throw new Error(JSON.stringify(ack));
    const { uploadId } = ack;
    while (begun.acknowledgedBytes < bytes.length) {
      const offset = begun.acknowledgedBytes;
      const end = Math.min(offset + fileTransfer.chunkBytesMax, bytes.length);
      await sendChunks(client, uploadId, bytes, { offset, end });
      begun.acknowledgedBytes = end;
      told.count += 1;
      onTold();
    }
    const info = await ask(client, { type: FrameType.UploadComplete, uploadId });
    if (info.type !== FrameType.FileInfo) throw new Error(JSON.stringify(info));
    told.finished.set(uploadId, bytes);
    told.begun.delete(begun);
    told.count += 1;
    onTold();
  }
}

/** What was whole is whole, and what was begun goes on behind what was acknowledged. */
async function expectKept(client: TestClient, told: Told, where: string): Promise<Uuid[]> {
  const kept = [...told.finished];
  for (const { acknowledgedBytes, ...file } of told.begun) {
    const ack = await ask(client, startOf(file));
    if (ack.type !== FrameType.UploadAck) throw new Error(`${where}: ${JSON.stringify(ack)}`);
    expect(ack.offset, where).toBeGreaterThanOrEqual(acknowledgedBytes);
    kept.push([(await upload(client, file)).uploadId, file.bytes]);
  }
  for (const [uploadId, bytes] of kept) {
    expect(Buffer.compare(await download(client, uploadId), bytes), where).toBe(0);
  }
  return kept.map(([uploadId]) => uploadId);
}

/** A server of its own, and a client that has logged in there. */
async function withServer<T>(
  work: (client: TestClient, server: ServerProcess) => Promise<T>,
): Promise<T> {
  const server = new ServerProcess({ args: ['--json', '--data', directory, ...testOptions] });
  const clients = await openTestClients((await server.started()).quic.port);
  try {
    const client = await clients.connect();
    await client.login({ identity });
    await client.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
    return await work(client, server);
  } finally {
    server.kill('SIGKILL');
    await server.exited;
    await clients.close();
  }
}

async function uploadAndKill(
  client: TestClient,
  server: ServerProcess,
  random: SeededRandom,
): Promise<Told> {
  const told = new Told();
  const until = 1 + random.below(acknowledgedMax);
  const onTold = (): void => {
    if (told.count >= until) server.kill('SIGKILL');
  };
  const uploaders = Array.from({ length: uploadersMax }, () =>
    uploadOn(client, told, random, onTold),
  );
  const working = Promise.all(uploaders);
  await Promise.race([working, server.exited]);
  // What they wait for does not come any more.
  working.catch(() => undefined);
  return told;
}

test(
  `${rounds} kills while files come lose nothing acknowledged, and leave nothing behind`,
  async () => {
    let told = new Told();
    const kept: Uuid[] = [];
    for (let round = 1; round <= rounds; round++) {
      const random = new SeededRandom(seed * 100_000 + round);
      const where = `round ${round}, seed ${seed}`;
      told = await withServer(async (client, server) => {
        kept.push(...(await expectKept(client, told, where)));
        return uploadAndKill(client, server, random);
      });
      expect(told.count, where).toBeGreaterThan(0);
    }
    const unfinished = join(directory, 'uploads', 'unfinished');
    // As where the index had forgotten an upload, and the folder had not yet.
    const strays = [newUuid(), `${newUuid()}.webp`, kept[0] ?? newUuid()];
    for (const stray of strays) writeFileSync(join(unfinished, stray), 'half');
    await withServer(async (client, server) => {
      kept.push(...(await expectKept(client, told, 'at the end')));
      await vi.waitFor(() => expect(readdirSync(unfinished)).toEqual([]));
      server.kill('SIGTERM');
      await server.exited;
    });
    const log = pino({ level: 'silent' });
    const store = await openStore({
      dataDirectory: directory,
      limits: controlLimits.store,
      log,
    });
    const lost = kept.filter(
      (uploadId) => (store.uploads.find(uploadId)?.finished ?? null) === null,
    );
    await store.close();
    expect(lost).toEqual([]);
    expect((await checkData(directory)).problems).toEqual([]);
  },
  rounds * roundMsMax,
);
