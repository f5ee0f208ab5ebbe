import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrameType } from '@rookery/schemas/frameType';
import type { Message, Uuid } from '@rookery/schemas/messages';
import { fieldLimits } from '@rookery/schemas/protocol';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { controlLimits } from '../limits.js';
import { CommunityState } from '../state/communityState.js';
import { openStore, type Store } from '../store/store.js';
import { AccessDesk } from './accessDesk.js';
import { RoleNews } from './roleNews.js';

const { rolesPerPageMax } = fieldLimits;

let directory: string;
let store: Store;
let access: AccessDesk;
let news: RoleNews;
let sent: { tokens: readonly number[]; message: Message }[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-roles-'));
  const log = pino({ level: 'silent' });
  store = await openStore({ dataDirectory: directory, limits: controlLimits.store, log });
  const state = new CommunityState(controlLimits.state);
  access = new AccessDesk({ state, store, everyoneIs: 'guest' });
  await access.setRole(userOf(1), 'moderator');
  for (const token of [1, 2]) {
    const outcome = state.addSession(token, userOf(token), `Nobody ${token}`);
    if (outcome.refused) throw new Error(outcome.message);
    access.note(outcome);
  }
  sent = [];
  const sendToSessions = (tokens: readonly number[], message: Message): void => {
    sent.push({ tokens, message });
  };
  news = new RoleNews({ access, state, store, publisher: { sendToSessions } });
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

function userOf(index: number): Uuid {
  return `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

/** Who was given a role, by one telling. */
function usersOf(at: number): readonly { userId: Uuid; role: string }[] {
  const message = sent[at]?.message;
  return message?.type === FrameType.RoleList ? message.users : [];
}

test('tells once of what comes between two tellings, of each user the last', async () => {
  news.tell();
  for (const role of ['member', 'moderator', 'admin'] as const) {
    await access.setRole(userOf(7), role);
  }
  await access.setRole(userOf(8), 'member');
  news.tell();
  news.tell();
  expect(sent).toHaveLength(1);
  expect(sent[0]!.tokens).toEqual([1]);
  expect(usersOf(0)).toMatchObject([
    { userId: userOf(7), role: 'admin' },
    { userId: userOf(8), role: 'member' },
  ]);
});

test('names no more than a page holds, and says that there are more', async () => {
  const indices = Array.from({ length: rolesPerPageMax + 5 }, (_, index) => index + 10);
  await Promise.all(indices.map((index) => access.setRole(userOf(index), 'member')));
  news.tell();
  expect(usersOf(0)).toHaveLength(rolesPerPageMax);
  expect(sent[0]!.message).toMatchObject({ hasMore: true });
  await access.setRole(userOf(5_000), 'admin');
  news.tell();
  expect(usersOf(1)).toMatchObject([{ userId: userOf(5_000), role: 'admin' }]);
  expect(sent[1]!.message).toMatchObject({ hasMore: false });
});

test('tells the last role of who is named, also where there is place for nobody more', async () => {
  const indices = Array.from({ length: rolesPerPageMax }, (_, index) => index + 10);
  await Promise.all(indices.map((index) => access.setRole(userOf(index), 'member')));
  await access.setRole(userOf(10), 'admin');
  news.tell();
  expect(usersOf(0)[0]).toMatchObject({ userId: userOf(10), role: 'admin' });
  expect(sent[0]!.message).toMatchObject({ hasMore: false });
});

test('whose right comes or goes before the telling is, or is not, told', async () => {
  await access.setRole(userOf(1), 'guest');
  await access.setRole(userOf(2), 'moderator');
  news.tell();
  expect(sent.map(({ tokens }) => tokens)).toEqual([[2]]);
});
