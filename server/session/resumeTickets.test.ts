import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newUuid } from '@rookery/schemas/uuid';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { controlLimits } from '../limits.js';
import { openStore, type Store } from '../store/store.js';
import { ResumeTickets } from './resumeTickets.js';

const userId = newUuid();
const asked = { ofServer: true, accountHash: null };
const log = pino({ level: 'silent' });
let dataDirectory: string;
let store: Store;
let nowMs: number;

const open = (): Promise<Store> => openStore({ dataDirectory, limits: controlLimits.store, log });

beforeEach(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'rookery-tickets-'));
  store = await open();
  nowMs = Date.now();
});

afterEach(async () => {
  await store.close();
  rmSync(dataDirectory, { recursive: true });
});

function ticketsUnder(password: string): ResumeTickets {
  const { tickets } = store;
  const limits = controlLimits.resume;
  return new ResumeTickets({ tickets, limits, password, wallClockMs: () => nowMs });
}

test('a ticket outlives the server, but not a change of the password', async () => {
  const { ticket } = await ticketsUnder('first').renew(userId, null, asked);
  await store.close();
  store = await open();
  expect(ticketsUnder('first').isGood(userId, ticket, asked)).toBe(true);
  expect(ticketsUnder('second').isGood(userId, ticket, asked)).toBe(false);
  expect(ticketsUnder('first').isGood(newUuid(), ticket, asked)).toBe(false);
});

test('a ticket that has expired is good for nothing, and is forgotten', async () => {
  const tickets = ticketsUnder('x');
  const { ticket, validSeconds } = await tickets.renew(userId, null, asked);
  nowMs += validSeconds * 1_000;
  expect(tickets.isGood(userId, ticket, asked)).toBe(false);
  store.tickets.removeExpired(nowMs - 1);
  expect(store.tickets.find(userId)).not.toBeNull();
  store.tickets.removeExpired(nowMs);
  expect(store.tickets.find(userId)).toBeNull();
});

test('of a ticket nothing is kept that could be shown in its place', async () => {
  const { ticket } = await ticketsUnder('x').renew(userId, null, asked);
  const { current, previous } = store.tickets.find(userId)!;
  for (const kept of [current, previous]) {
    expect(Buffer.from(kept)).not.toEqual(Buffer.from(ticket));
    expect(ticketsUnder('x').isGood(userId, kept, asked)).toBe(false);
  }
});

test('a ticket stands for what was asked for when it was given, and for nothing else', async () => {
  const ofAccount = { ofServer: false, accountHash: '$argon2id$a' };
  const ofBoth = { ofServer: true, accountHash: '$argon2id$a' };
  const kinds = [asked, ofAccount, ofBoth, { ...ofAccount, accountHash: '$argon2id$b' }];
  for (const given of kinds) {
    const tickets = ticketsUnder('x');
    const { ticket } = await tickets.renew(userId, null, given);
    const good = kinds.filter((kind) => tickets.isGood(userId, ticket, kind));
    expect(good).toEqual([given]);
  }
});
