import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idleStressResult, type StressResult } from '@rookery/schemas/stressTest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Output } from '../output.js';
import { changeAdminSessions, withSession } from './adminSessions.js';
import { parseAdminTarget, type AdminTarget } from './adminTarget.js';
import { stressTest } from './stressCommand.js';

let profile: string;
let server: Server;
let serverAdmin: AdminTarget;
/** What was asked for, with its body. */
let asked: string[];
/** What the test stands at, look by look; the last one stays. */
let looks: StressResult[];
let told: string[];

const tell = (_: unknown, words: string): void => void told.push(words);
const output: Output = {
  ...{ progress: tell, result: tell, table: () => undefined },
  ...{ detail: () => undefined, error: () => undefined },
};

beforeEach(async () => {
  profile = await mkdtemp(join(tmpdir(), 'rookery-stress-'));
  asked = [];
  told = [];
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.once('end', () => {
      asked.push(`${request.method} ${body}`);
      const isRenewal = request.url!.endsWith('/renew');
      const look = looks.length > 1 && request.method === 'GET' ? looks.shift() : looks[0];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(isRenewal ? { accessToken: 'a', refreshToken: 'b' } : look));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  serverAdmin = parseAdminTarget(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const kept = { name: 'Olga', refreshToken: 'first', fingerprint: null };
  await changeAdminSessions(profile, (before, write) =>
    write(withSession(before, serverAdmin.origin, kept)),
  );
});
afterEach(async () => {
  server.close();
  await rm(profile, { recursive: true });
});

const running: StressResult = { ...idleStressResult, state: 'running', joined: 1, wanted: 2 };
const done: StressResult = { ...running, state: 'done', joined: 2, verdict: 'All 2 bots joined.' };

it('begins a test with what was asked for, and tells how it goes until its end', async () => {
  looks = [running, done];
  await stressTest({ profile, serverAdmin, count: 2, rooms: 1, follow: true }, output);
  expect(asked).toContain('POST {"count":2,"rooms":1}');
  expect(told).toEqual([
    '2 bots join',
    expect.stringContaining('1 of 2 bots') as string,
    'All 2 bots joined.',
  ]);
});

it('ends badly where the server did not carry it', async () => {
  looks = [{ ...done, joined: 1 }];
  const followed = stressTest({ profile, serverAdmin, follow: true }, output);
  await expect(followed).rejects.toMatchObject({ code: 'stressMissed' });
});

it('only tells how a test stands where nothing else was asked for', async () => {
  looks = [idleStressResult];
  await stressTest({ profile, serverAdmin, follow: false }, output);
  expect(told).toEqual(['no test ran']);
  expect(asked.map((each) => each.split(' ')[0])).toEqual(['POST', 'GET']);
});
