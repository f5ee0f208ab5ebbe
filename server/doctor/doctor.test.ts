import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AcmeFiles } from '../certificate/acme/acmeFiles.js';
import { startTestServer } from '../testing/testServer.js';
import { runDoctorCommand } from './doctorCommand.js';
import type { DoctorFinding, Verdict } from './findings.js';
import { lookAtNativePart, type NativeLook } from './nativeParts.js';

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'rookery-doctor-'));
});
afterEach(() => rmSync(data, { recursive: true }));

const free = ['--host', '127.0.0.1', '--port', '0', '--voice-port', '0', '--admin-port', '0'];

interface Answer {
  readonly code: number;
  readonly said: string;
}

async function run(argv: readonly string[], look?: NativeLook): Promise<Answer> {
  let said = '';
  const note = (text: string): void => void (said += text);
  const code = await runDoctorCommand(argv, {}, { out: note, err: note }, look);
  return { code, said };
}

function verdictsOf({ said }: Answer): Record<string, Verdict> {
  const findings = JSON.parse(said) as DoctorFinding[];
  return Object.fromEntries(findings.map(({ subject, verdict }) => [subject, verdict]));
}

test('finds a machine fit where nothing runs, and says what it cannot see', async () => {
  const answer = await run(['--data', data, ...free, '--json']);
  const ports = { 'control port': 'good', 'voice port': 'good', 'admin port': 'good' };
  const parts = { lmdb: 'good', 'sodium-native': 'good', quic: 'good', sharp: 'good' };
  expect(verdictsOf(answer)).toMatchObject({
    ...ports,
    ...parts,
    Node: 'good',
    clock: 'good',
    database: 'good',
    'from outside': 'attention',
  });
  const { said } = await run(['--data', data, ...free]);
  expect(said.split('\n')).toHaveLength(Object.keys(verdictsOf(answer)).length + 1);
});

test('knows a server that runs by its ports, and reads its data beside it', async () => {
  const server = await startTestServer({ dataDirectory: data });
  const { quic, voice, admin } = server.running.info;
  const ports = ['--port', quic.port, '--voice-port', voice.port, '--admin-port', admin.port];
  const answer = await run(['--data', data, '--host', '127.0.0.1', ...ports.map(String), '--json']);
  await server.close();
  expect(answer.code).toBe(0);
  expect(verdictsOf(answer)).toMatchObject({
    'control port': 'good',
    'voice port': 'good',
    'admin port': 'good',
    database: 'good',
    certificate: 'good',
  });
});

test('ends with 1 where something is bad', async () => {
  writeFileSync(join(data, 'identity.pem'), 'no certificate');
  const answer = await run(['--data', data, ...free, '--json']);
  expect(answer.code).toBe(1);
  expect(verdictsOf(answer)).toMatchObject({ certificate: 'bad' });
});

test('tells what ACME tried, and when it tries again', async () => {
  const given = ['--acme-domains', 'talk.example.org', '--acme-terms', 'agreed'];
  const more = [...given, '--acme-port', '45999', '--json'];
  expect(verdictsOf(await run(['--data', data, ...free, ...more]))).toMatchObject({
    ...{ ACME: 'good', 'ACME port': 'good' },
  });
  const directory = 'https://acme-v02.api.letsencrypt.org/directory';
  new AcmeFiles(data).writeState({
    ...{ directory, domains: ['talk.example.org'], lastSuccessMs: null, failures: 2 },
    ...{ lastTryMs: 0, nextTryMs: 600_000, lastFault: 'Too many orders.' },
  });
  const failed = await run(['--data', data, ...free, ...more]);
  expect(verdictsOf(failed)).toMatchObject({ ACME: 'attention' });
  expect(failed.said).toContain('2 tries failed, last try 1970-01-01T00:00:00.000Z, next');
  expect(failed.said).toContain('Too many orders.');
});

test('names a native part that is broken, and goes on without one that can be missed', async () => {
  const without =
    (broken: string): NativeLook =>
    (part) =>
      part.name === broken ? Promise.resolve('wrong ELF class') : lookAtNativePart(part);
  const needed = await run(['--json'], without('lmdb'));
  expect(needed.code).toBe(1);
  expect(verdictsOf(needed)).toMatchObject({ lmdb: 'bad', quic: 'good', 'all else': 'attention' });
  expect(needed.said).toContain('(wrong ELF class). No server starts: run npm ci');
  const missed = await run(['--data', data, ...free, '--json'], without('sharp'));
  expect(missed.code).toBe(0);
  expect(verdictsOf(missed)).toMatchObject({ sharp: 'attention', 'control port': 'good' });
});

test('refuses options that there are not, and values that cannot be', async () => {
  expect(await run(['--ports', '1'])).toMatchObject({ code: 2 });
  expect(await run(['--port', 'many'])).toMatchObject({
    code: 2,
    said: expect.stringContaining('--port') as string,
  });
});
