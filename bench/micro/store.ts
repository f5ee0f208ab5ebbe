import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newTimeOrderedUuid, newUuid, uuidToBytes } from '@rookery/schemas/uuid';
import { controlLimits } from '@rookery/server/limits';
import { encodeStoredMessage } from '@rookery/server/store/messageRecord';
import { openStore } from '@rookery/server/store/store';
import { pino } from 'pino';
import type { BenchFigure, FigureBench } from '../bench.js';
import { median } from '../statistics.js';
import { BareLmdb } from './bareLmdb.js';

const repetitions = 5;
const senders = 200;

/** Messages of each sender in one repetition; each waits for its answer before the next. */
const messagesEach = 100;
const text = 'Shall we meet in the usual room at eight? I bring the map. '.repeat(3);

const rooms = Array.from({ length: 20 }, () => newUuid());

/** Durable chat messages, against LMDB alone with records of the same size in groups as large. */
export const storeBench: FigureBench = {
  name: 'store',
  summary: `durable chat messages of ${senders} senders, against bare grouped LMDB commits`,
  run: async () => [await compareMessages()],
};

async function compareMessages(): Promise<BenchFigure> {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    bare.push(await perSecond(commitBare));
    ours.push(await perSecond(appendMessages));
  }
  return {
    name: 'durable messages',
    unit: 'messages/s',
    value: median(ours),
    yardstick: median(bare),
    ratio: median(ours.map((value, index) => value / bare[index]!)),
    ratioMin: 0.5,
  };
}

/** @param work in an empty directory @returns messages a second */
async function perSecond(work: (directory: string) => Promise<number>): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'rookery-bench-store-'));
  try {
    return (senders * messagesEach * 1_000) / (await work(directory));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** @returns how long it took, ms */
async function appendMessages(dataDirectory: string): Promise<number> {
  const log = pino({ level: 'silent' });
  const store = await openStore({ dataDirectory, limits: controlLimits.store, log });
  // The clients' own work, done before.
  const clients = Array.from({ length: senders }, (_, sender) => ({
    userId: newUuid(),
    roomId: rooms[sender % rooms.length]!,
    ids: Array.from({ length: messagesEach }, (_, count) =>
      newTimeOrderedUuid(Date.now() + count * 20),
    ),
  }));
  const began = performance.now();
  await Promise.all(
    clients.map(async ({ userId, roomId, ids }) => {
      for (const clientMessageId of ids) {
        const sentAtMs = Date.now();
        if (store.messages.sentBefore(userId, clientMessageId) !== null) continue;
        const message = { roomId, userId, displayName: 'Sender', text, sentAtMs, clientMessageId };
        await store.messages.append(message);
      }
    }),
  );
  const ended = performance.now();
  await store.close();
  return ended - began;
}

/** @returns how long it took, ms */
async function commitBare(directory: string): Promise<number> {
  const bare = new BareLmdb(join(directory, 'bare'));
  const value = Buffer.from(encodeStoredMessage(sampleMessage()));
  const groups = Array.from({ length: messagesEach }, (_, count) =>
    Array.from({ length: senders }, (_, sender) =>
      Buffer.concat([
        uuidToBytes(rooms[sender % rooms.length]!),
        uuidToBytes(newTimeOrderedUuid(Date.now() + count)),
      ]),
    ),
  );
  const began = performance.now();
  for (const keys of groups) await bare.commit(keys, value);
  const ended = performance.now();
  await bare.close();
  return ended - began;
}

function sampleMessage(): Parameters<typeof encodeStoredMessage>[0] {
  return {
    messageId: newUuid(),
    roomId: rooms[0]!,
    userId: newUuid(),
    displayName: 'Sender',
    text,
    sentAtMs: Date.now(),
    clientMessageId: newUuid(),
    editedAtMs: null,
    deletedAtMs: null,
    replyToId: null,
    mentionedIds: [],
    attachmentIds: [],
    reactions: [],
  };
}
