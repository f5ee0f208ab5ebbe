import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openReleaseKey, readManifest } from '../../schemas/dist/release/releaseManifest.js';
import { unpackRelease } from '../../server/dist/update/unpackRelease.js';
import { readReleasePublisher } from '../../schemas/dist/release/releaseInfo.js';
import { billOfMaterials } from './billOfMaterials.mjs';
import { clientOf, writeClientInfo } from './clientRelease.mjs';
import { missingParts, neededPackages } from './lockedPackages.mjs';
import { renewManifest, validDaysOf, writeManifest } from './manifest.mjs';
import { makeReleaseKey, publicKeyOf, readReleaseKey } from './releaseKey.mjs';
import { packFolder } from './tarball.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const linux = { os: 'linux', cpu: 'x64', libc: 'glibc' };

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rookery-release-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('of the locked packages a server gets', () => {
  const integrity = 'sha512-AAAA';
  const lock = {
    packages: {
      '': { workspaces: ['server', 'base'] },
      server: { name: '@x/server', dependencies: { '@x/base': '1', a: '1' } },
      base: { name: '@x/base', dependencies: { b: '1' }, optionalDependencies: { sound: '1' } },
      'node_modules/@x/base': { link: true, resolved: 'base' },
      'node_modules/a': {
        ...{ version: '1.0.0', integrity, dependencies: { b: '2' } },
        ...{ optionalDependencies: { 'a-linux': '1', 'a-darwin': '1', gone: '1' } },
        ...{
          peerDependencies: { c: '1', d: '1' },
          peerDependenciesMeta: { d: { optional: true } },
        },
      },
      'node_modules/a/node_modules/b': { version: '2.0.0', integrity },
      'node_modules/a-linux': { version: '1.0.0', integrity, os: ['linux'], libc: ['glibc'] },
      'node_modules/a-darwin': { version: '1.0.0', integrity, os: ['darwin'] },
      'node_modules/b': { version: '1.0.0', integrity, os: ['!win32'] },
      'node_modules/c': { version: '1.0.0', integrity },
      'node_modules/d': { version: '1.0.0', integrity },
      'node_modules/sound': { version: '1.0.0', integrity },
      'node_modules/tool': { version: '1.0.0', integrity, dev: true },
    },
  };

  test('what it needs, for its platform, found as Node finds it', () => {
    const { packages, workspaces } = neededPackages(lock, ['server'], linux);
    expect(workspaces.map((one) => one.folder)).toEqual(['base', 'server']);
    expect(packages.map(({ path }) => path)).toEqual([
      ...['node_modules/a', 'node_modules/a-linux', 'node_modules/a/node_modules/b'],
      ...['node_modules/b', 'node_modules/c'],
    ]);
  });

  test('of another platform what that needs', () => {
    const { packages } = neededPackages(lock, ['server'], { os: 'darwin', cpu: 'x64', libc: null });
    const paths = packages.map(({ path }) => path);
    expect(paths).toContain('node_modules/a-darwin');
    expect(paths).not.toContain('node_modules/a-linux');
  });
});

test('what no server starts without, and npm has not, is told', async () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  expect(missingParts(lock, linux)).toEqual([]);
  const missing = missingParts(lock, { ...linux, cpu: 'arm64' });
  expect(missing).toEqual(['@matrixai/quic-linux-arm64']);
  const program = join(root, 'scripts/release/release.mjs');
  const packing = promisify(execFile)(process.execPath, [program, '--platform', 'linux-arm64']);
  await expect(packing).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('npm has no @matrixai/quic-linux-arm64'),
  });
});

test('the bill of materials names all that is packed, and is the same each time', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const needed = neededPackages(lock, ['server', 'client'], linux);
  const about = { version: '1.0.0', platformName: 'linux-x64', date: '2026-11-01T00:00:00.000Z' };
  const make = () => billOfMaterials({ ...about, nodeVersion: '20.0.0', needed, modules: root });
  const bill = make();
  expect(make()).toEqual(bill);
  const references = bill.components.map((component) => component['bom-ref']);
  expect(new Set(references).size).toBe(references.length);
  const lmdb = bill.components.find(({ name }) => name === 'lmdb');
  expect(lmdb).toMatchObject({ purl: `pkg:npm/lmdb@${lmdb.version}` });
  expect(lmdb.hashes[0]).toEqual({ alg: 'SHA-512', content: expect.stringMatching(/^\w{128}$/) });
  expect(lmdb.licenses).toEqual([{ license: { id: 'MIT' } }]);
  expect(references).toContain('pkg:npm/%40matrixai/quic-linux-x64@2.0.9');
  expect(references).toContain('pkg:generic/node@20.0.0');
  expect(references.join(' ')).not.toMatch(/vitest|typescript@|naudiodon/);
  const known = new Set([...references, bill.metadata.component['bom-ref']]);
  const unknown = bill.dependencies.flatMap(({ ref, dependsOn }) =>
    [ref, ...dependsOn].filter((name) => !known.has(name)),
  );
  expect(unknown).toEqual([]);
});

describe('an archive', () => {
  const deep = `${'folder/'.repeat(30)}file`;
  const unsplit = `${'x'.repeat(120)}/y`;

  function fill(source) {
    for (const path of ['run', 'b', 'a/c', deep, unsplit]) {
      mkdirSync(dirname(join(source, path)), { recursive: true });
      writeFileSync(join(source, path), path.repeat(200));
    }
    chmodSync(join(source, 'run'), 0o700);
    return source;
  }

  test('is the same bytes for the same files, and unpacks to them', async () => {
    const [one, other] = ['one', 'other'].map((name) => fill(join(folder, name)));
    await packFolder(one, 'top', join(folder, '1.tar.gz'), 1_000);
    await packFolder(other, 'top', join(folder, '2.tar.gz'), 1_000);
    const [first, second] = [1, 2].map((name) => readFileSync(join(folder, `${name}.tar.gz`)));
    expect(first.equals(second)).toBe(true);
    const out = join(folder, 'out');
    await unpackRelease(join(folder, '1.tar.gz'), out);
    for (const path of ['run', 'b', 'a/c', deep, unsplit]) {
      expect(readFileSync(join(out, path), 'utf8')).toBe(path.repeat(200));
    }
    expect(statSync(join(out, 'run')).mode & 0o777).toBe(0o755);
    expect(statSync(join(out, 'b')).mode & 0o777).toBe(0o644);
  });

  test('holds no links', async () => {
    const source = fill(join(folder, 'source'));
    symlinkSync('run', join(source, 'link'));
    const packing = packFolder(source, 'top', join(folder, 'x.tar.gz'), 1_000);
    await expect(packing).rejects.toThrow('link is neither a file nor a folder');
  });
});

/** A manifest in `folder`, of a release with one file, signed by this key. */
async function writeTinyManifest(key, client) {
  writeFileSync(join(folder, 'a.tar.gz'), 'archive');
  const release = {
    ...{ version: '1.2.3', minPreviousVersion: null, date: '2026-11-01T00:00:00.000Z' },
    ...{ validDays: 10, schemaVersion: 1, notes: 'New.', client },
    files: [{ kind: 'server', platform: 'linux-x64', file: join(folder, 'a.tar.gz') }],
  };
  await writeManifest(folder, release, key);
}

/** As a server that trusts the key reads it. */
function readTinyManifest(publicKey) {
  const bytes = readFileSync(join(folder, 'manifest.json'));
  const signature = readFileSync(join(folder, 'manifest.json.sig'), 'utf8');
  const reading = readManifest(bytes, signature, openReleaseKey(publicKey));
  expect(reading).toMatchObject({ kind: 'read' });
  return reading.manifest;
}

const daysOf = ({ issued, expires }) => (Date.parse(expires) - Date.parse(issued)) / 86_400_000;

test('what was signed by a key that was made is what a server reads', async () => {
  const file = join(folder, 'key.pem');
  const publicKey = makeReleaseKey(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(() => makeReleaseKey(file)).toThrow('cannot be written');
  const key = readReleaseKey(file);
  expect(publicKeyOf(key)).toBe(publicKey);
  await writeTinyManifest(key);
  const manifest = readTinyManifest(publicKey);
  expect(manifest).toMatchObject({ version: '1.2.3', files: [{ name: 'a.tar.gz', bytes: 7 }] });
  expect(daysOf(manifest)).toBe(10);
});

test('a manifest is signed once more for longer, by the key that signed it alone', async () => {
  const publicKey = makeReleaseKey(join(folder, 'key.pem'));
  const key = readReleaseKey(join(folder, 'key.pem'));
  await writeTinyManifest(key);
  const before = readTinyManifest(publicKey);
  const { expires } = await renewManifest(folder, 90, key);
  const after = readTinyManifest(publicKey);
  expect(after).toEqual({ ...before, issued: after.issued, expires });
  expect(daysOf(after)).toBe(90);

  makeReleaseKey(join(folder, 'other.pem'));
  const other = readReleaseKey(join(folder, 'other.pem'));
  await expect(renewManifest(folder, 90, other)).rejects.toThrow('not signed by this key');
  writeFileSync(join(folder, 'manifest.json'), '{}');
  await expect(renewManifest(folder, 90, key)).rejects.toThrow('not signed by this key');
  const nowhere = join(folder, 'nowhere');
  await expect(renewManifest(nowhere, 90, key)).rejects.toThrow('cannot be read');
});

test('a manifest is not believed for ever', () => {
  expect(validDaysOf(undefined)).toBe(180);
  for (const text of ['0', '-1', '3651', '1.5', '']) {
    expect(() => validDaysOf(text)).toThrow('from 1 to 3650');
  }
});

describe('the client of a release', () => {
  /** Makes a release with this client. @returns what a client reads of it */
  async function published(values) {
    const keyFile = join(folder, 'key.pem');
    const publicKey = makeReleaseKey(keyFile);
    const client = clientOf({ 'client-file': [], ...values }, '1.2.3', folder);
    await writeTinyManifest(readReleaseKey(keyFile), client);
    return readTinyManifest(publicKey).client;
  }

  test('stands in the manifest, and its packages beside that', async () => {
    mkdirSync(join(folder, 'packages'));
    writeFileSync(join(folder, 'packages', 'Rookery.AppImage'), 'program');
    writeFileSync(join(folder, 'NEWS.md'), 'New.');
    const client = await published({
      'client-page': 'https://example.org/get',
      'client-notes': join(folder, 'NEWS.md'),
      'client-file': [`linux-x64=${join(folder, 'packages', 'Rookery.AppImage')}`],
    });
    expect(client).toMatchObject({ version: '1.2.3', notes: 'New.' });
    expect(client.page).toBe('https://example.org/get');
    expect(client.files).toMatchObject([{ platform: 'linux-x64', name: 'Rookery.AppImage' }]);
    expect(readFileSync(join(folder, 'Rookery.AppImage'), 'utf8')).toBe('program');
  });

  test('may be left out', async () => {
    expect(await published({})).toBeUndefined();
  });

  test.each([
    [{ 'client-page': 'http://example.org' }, 'client.page'],
    [{ 'client-file': ['linux-x64=a'] }, '--client-page'],
    [{ 'client-page': 'https://example.org', 'client-file': ['a.deb'] }, 'PLATFORM=FILE'],
  ])('is refused before it is published: %j', async (values, words) => {
    await expect(published(values)).rejects.toThrow(words);
    expect(existsSync(join(folder, 'manifest.json'))).toBe(false);
  });

  test('knows where its publisher is', () => {
    mkdirSync(join(folder, 'client'));
    const about = { version: '1.2.3', updateKey: `${'A'.repeat(43)}=`, updateUrl: 'https://x' };
    writeClientInfo(folder, about);
    expect(readReleasePublisher(join(folder, 'client'))).toEqual(about);
    expect(() => writeClientInfo(folder, { ...about, updateKey: null })).toThrow('--key and --url');
  });
});

test('a key of another kind is refused', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const file = join(folder, 'ec.pem');
  writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }));
  expect(() => readReleaseKey(file)).toThrow('not a private Ed25519 key');
});
