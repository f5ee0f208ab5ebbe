import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import { TestAuthority } from '../../testing/acme/testAuthority.js';
import { ServerError } from '../../errors.js';
import type { ServerCertificate } from '../serverCertificate.js';
import type { AcmeConfig } from './acmeConfig.js';
import { AcmeDesk, type AcmeDeskOptions } from './acmeDesk.js';
import { AcmeFiles } from './acmeFiles.js';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const domains = ['talk.example.org'];
const config: AcmeConfig = {
  ...{ domains, email: null, directory: 'https://ca.example/directory' },
  ...{ challenge: 'http-01', port: 80 },
};

let folder = '';
let files: AcmeFiles;
let privateKey = '';
let authority: TestAuthority;
let nowMs = 0;
let orders = 0;
/** What the next orders come to: a fault, or a certificate. */
let fault: Error | null = null;
let issued: ServerCertificate[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rookery-acme-'));
  files = new AcmeFiles(folder);
  ({ privateKey } = await makeTestCertificate());
  nowMs = Date.parse('2030-01-01T00:00:00Z');
  authority = await TestAuthority.make(new Date(nowMs));
  [orders, fault, issued] = [0, null, []];
});
afterEach(() => rmSync(folder, { recursive: true }));

async function order(): Promise<string> {
  orders += 1;
  if (fault !== null) throw fault;
  const { crypto } = await import('acme-client');
  const [, request] = await crypto.createCsr({ altNames: [...domains] }, privateKey);
  const der = Buffer.from(request.toString().replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return (await authority.issue(der, domains, new Date(nowMs), 90 * dayMs))!;
}

/** As a server does that is started now. */
function open(change: Partial<AcmeDeskOptions> = {}): AcmeDesk {
  return new AcmeDesk({
    ...{ config, files, privateKey, order, lookMs: 1_000_000, tryMsMax: 10_000 },
    certificate: files.readCertificate(privateKey, new Date(nowMs)),
    onIssued: (certificate) => issued.push(certificate),
    ...{ wallClockMs: () => nowMs, chance: () => 0, log: pino({ level: 'silent' }) },
    ...change,
  });
}

/** One look at the clock, and what comes of it. */
async function look(desk: AcmeDesk, afterMs: number): Promise<number> {
  nowMs += afterMs;
  desk.check();
  if (desk.status.isTrying) await desk.renew();
  return orders;
}

test('gets a certificate at the start, and another one after two thirds of its life', async () => {
  const desk = open();
  expect(await look(desk, 0)).toBe(1);
  expect(desk.status).toMatchObject({ failures: 0, lastFault: null, isTrying: false });
  expect(desk.status.nextTryMs).toBe(nowMs + 60 * dayMs);
  expect(await look(desk, 60 * dayMs - 1)).toBe(1);
  expect(await look(desk, 1)).toBe(2);
  expect(issued.map(({ names }) => names)).toEqual([domains, domains]);
});

test('keeps what it got for the next start, for nobody else to read', async () => {
  await look(open(), 0);
  const again = open();
  expect(await look(again, dayMs)).toBe(1);
  expect(again.status).toMatchObject({ lastSuccessMs: nowMs - dayMs, failures: 0 });
  await files.accountKey();
  for (const name of ['acme-account.key', 'acme-certificate.pem', 'acme.json']) {
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  }
});

test('waits ever longer after failures, also when it is started again', async () => {
  fault = new Error('a bad day');
  const desk = open();
  expect(await look(desk, 0)).toBe(1);
  expect(desk.status).toMatchObject({ failures: 1, lastFault: 'a bad day' });
  expect(await look(open(), 5 * minuteMs - 1)).toBe(1);
  const again = open();
  expect(await look(again, 1)).toBe(2);
  expect(await look(again, 10 * minuteMs - 1)).toBe(2);
  fault = null;
  expect(await look(again, 1)).toBe(3);
  expect(again.status).toMatchObject({ failures: 0, lastFault: null });
});

test('leaves the authority alone for as long as it wants, also after a restart', async () => {
  const retryAfterMs = 120 * minuteMs;
  fault = new ServerError('acmeRateLimited', 'too many orders', { retryAfterMs });
  const desk = open();
  expect(await look(desk, 0)).toBe(1);
  expect(desk.status).toMatchObject({ nextTryMs: nowMs + retryAfterMs, lastFault: fault.message });
  expect(await look(open(), retryAfterMs - 1)).toBe(1);
  expect(await look(open(), 1)).toBe(2);
});

test('goes on once a day where the authority is away for long, and counts it', async () => {
  await look(open(), 0);
  fault = new ServerError('acmeUnreachable', 'it cannot be reached');
  const desk = open();
  nowMs += 60 * dayMs;
  for (let hours = 0; hours < 20 * 24; hours++) await look(desk, 60 * minuteMs);
  const tries = orders - 1;
  expect(tries).toBeGreaterThan(20);
  expect(tries).toBeLessThan(30);
  expect(desk.status).toMatchObject({ failures: tries, lastFault: fault.message });
});

test('begins anew for other names, another authority, and where nothing is left', async () => {
  await look(open(), 0);
  const directory = 'https://other.example/';
  expect(await look(open({ config: { ...config, directory } }), 0)).toBe(2);
  fault = new Error('not for this name');
  const others = open({ config: { ...config, domains: ['other.example.org'] } });
  expect(await look(others, 0)).toBe(3);
  fault = null;
  rmSync(join(folder, 'acme.json'));
  expect(await look(open(), dayMs)).toBe(3);
  rmSync(join(folder, 'acme-certificate.pem'));
  expect(await look(open(), 0)).toBe(4);
  writeFileSync(join(folder, 'acme.json'), 'damaged');
  expect(await look(open({ certificate: null }), 0)).toBe(5);
});

test('takes no certificate for other names than it asked for', async () => {
  const desk = open({ config: { ...config, domains: ['other.example.org'] } });
  await look(desk, 0);
  expect(desk.status.lastFault).toContain('for other names (talk.example.org)');
  expect(issued).toEqual([]);
});

test('tries when it is told to, once at a time', async () => {
  const desk = open();
  await Promise.all([desk.renew(), desk.renew()]);
  expect(orders).toBe(1);
  await desk.renew();
  expect(orders).toBe(2);
});

test('gives up what is under way when it is closed', async () => {
  const desk = open({
    order: (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('it was given up')));
      }),
  });
  desk.start();
  expect(desk.status.isTrying).toBe(true);
  await desk.close();
  expect(desk.status).toMatchObject({ isTrying: false, lastFault: 'it was given up' });
});
