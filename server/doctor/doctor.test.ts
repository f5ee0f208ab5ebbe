import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../config/loadConfig.js';
import { startTestServer } from '../testing/testServer.js';
import { examine } from './doctor.js';
import { findingsText, type Verdict } from './findings.js';

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'rookery-doctor-'));
});
afterEach(() => rmSync(data, { recursive: true }));

async function verdicts(options: Record<string, string>): Promise<Record<string, Verdict>> {
  const around = { env: {}, homeDirectory: data, workingDirectory: data };
  const free = { data, host: '127.0.0.1', port: '0', 'voice-port': '0', 'admin-port': '0' };
  const given = { options: { ...free, ...options }, configFile: null };
  const findings = await examine(readConfig(given, around).config);
  expect(findingsText(findings).split('\n')).toHaveLength(findings.length + 1);
  return Object.fromEntries(findings.map(({ subject, verdict }) => [subject, verdict]));
}

test('finds a machine fit where nothing runs, and says what it cannot see', async () => {
  const good = { 'control port': 'good', 'admin port': 'good', lmdb: 'good', Node: 'good' };
  expect(await verdicts({})).toMatchObject({ ...good, 'from outside': 'attention' });
});

test('tells a server that runs from another program that has a port', async () => {
  const server = await startTestServer();
  const { quic, admin } = server.running.info;
  const ports = { port: String(quic.port), 'admin-port': String(admin.port) };
  expect(await verdicts(ports)).toMatchObject({ 'control port': 'good', 'admin port': 'good' });
  await server.close();
  const other = createSocket('udp4').bind(0, '127.0.0.1');
  await once(other, 'listening');
  const port = String(other.address().port);
  expect(await verdicts({ port })).toMatchObject({ 'control port': 'bad' });
  other.close();
});

test('sees a damaged database and a certificate that is none', async () => {
  mkdirSync(join(data, 'database-1'));
  writeFileSync(join(data, 'database-1', 'data.mdb'), 'x'.repeat(10_000));
  writeFileSync(join(data, 'identity.pem'), 'no certificate');
  expect(await verdicts({})).toMatchObject({ database: 'bad', certificate: 'bad' });
});
