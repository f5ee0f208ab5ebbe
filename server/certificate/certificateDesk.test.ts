import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CertificateDesk } from './certificateDesk.js';
import { readCertificateFiles, type ServerCertificate } from './serverCertificate.js';

type TestCertificate = Awaited<ReturnType<typeof makeTestCertificate>>;

let folder = '';
let desk: CertificateDesk;
let first: TestCertificate;
let lines: string[] = [];
const shown: ServerCertificate[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
const files = () => ({ certificate: join(folder, 'chain.pem'), key: join(folder, 'key.pem') });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rookery-desk-'));
  first = await makeTestCertificate();
  write(first);
  const certificate = readCertificateFiles(files(), new Date());
  desk = new CertificateDesk({
    ...{ certificate, source: 'files', files: files(), log },
    ...{ lookMs: 1_000_000, wallClockMs: () => Date.now() },
  });
  desk.follow((next) => shown.push(next));
  shown.length = 0;
  lines = [];
});

afterEach(() => {
  desk.close();
  rmSync(folder, { recursive: true });
});

function write({ certificate, privateKey }: TestCertificate): void {
  writeFileSync(files().certificate, certificate);
  writeFileSync(files().key, privateKey);
}

test('shows the certificate of changed files, once they have come to rest', async () => {
  const next = await makeTestCertificate(first.privateKey);
  write(next);
  desk.look();
  expect(shown).toEqual([]);
  desk.look();
  expect(shown.map(({ fingerprint }) => fingerprint)).toEqual([next.fingerprint]);
  expect(desk.current.certificate).toBe(next.certificate);
  expect(desk.stats()).toMatchObject({ source: 'files', swaps: 1, reloadFault: null });
  expect(lines.join('')).toContain('another certificate of the same key');
});

test('warns of another key, about which clients ask their users', async () => {
  write(await makeTestCertificate());
  desk.reload();
  expect(shown).toHaveLength(1);
  expect(lines.join('')).toContain('Renew with the same key');
});

test('keeps the certificate where the files are of no use, says why, and counts', async () => {
  const next = await makeTestCertificate();
  writeFileSync(files().certificate, next.certificate);
  desk.look();
  desk.look();
  expect(desk.stats()).toMatchObject({ swaps: 0, reloadFailures: 1 });
  expect(desk.stats().reloadFault).toContain('is not the one of the first certificate');
  expect(lines.join('')).toContain('the one before stays');
  rmSync(files().key);
  desk.reload();
  expect(desk.stats()).toMatchObject({ reloadFailures: 2 });
  expect(desk.current.fingerprint).toEqual(first.fingerprint);
  expect(shown).toEqual([]);
  write(next);
  desk.look();
  desk.look();
  expect(desk.stats()).toMatchObject({ swaps: 1, reloadFailures: 2, reloadFault: null });
});

test('leaves all as they were where one cannot show the certificate', async () => {
  desk.follow((next) => {
    if (next.certificate !== first.certificate) throw new Error('not this one');
  });
  write(await makeTestCertificate());
  desk.reload();
  expect(desk.stats()).toMatchObject({ swaps: 0, reloadFault: 'not this one' });
  expect(shown.at(-1)?.fingerprint).toEqual(first.fingerprint);
});

test('has nothing to do where the same files are read again', () => {
  desk.reload();
  expect(shown).toEqual([]);
  expect(desk.stats()).toMatchObject({ swaps: 0, reloadFailures: 0 });
});

test('tells the name and the times of the certificate', () => {
  const { validFromMs, validToMs, warnFromMs } = desk.stats();
  const dayMs = 86_400_000;
  expect(validToMs - validFromMs).toBe(2 * dayMs);
  expect(validToMs - warnFromMs).toBe(dayMs / 2);
});
