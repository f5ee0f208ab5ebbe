import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { daysFromNow, releaseKey } from '@rookery/schemas/testing/signedRelease';
import type { CraftedEntry } from '../testing/craftedArchive.js';
import { LoopbackRelease, makeInstallation, tinyRelease } from '../testing/loopbackRelease.js';
import { runUpdateCommand } from './updateCommand.js';

let directory = '';
let root = '';
let data = '';
let release: LoopbackRelease;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rookery-update-'));
  [root, data] = [join(directory, 'installation'), join(directory, 'data')];
  mkdirSync(data);
  makeInstallation(root, '1.0.0');
  release = await LoopbackRelease.open(root);
});

afterEach(async () => {
  await release.close();
  rmSync(directory, { recursive: true });
});

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function update(...options: string[]): Promise<Outcome> {
  const [out, err]: string[][] = [[], []];
  const given = [
    ...['--root', root, '--data', data, '--admin-port', String(release.port)],
    ...['--update-url', release.url, '--update-key', releaseKey],
    ...['--restart-command', `echo x >> ${join(directory, 'restarts')}`, '--health-seconds', '1'],
  ];
  const code = await runUpdateCommand(
    [...given, ...options],
    {},
    {
      out: (text) => void out?.push(text),
      err: (text) => void err?.push(text),
    },
  );
  return { code, out: out?.join('') ?? '', err: err?.join('') ?? '' };
}

const current = (): string => readlinkSync(join(root, 'current'));
const versions = (): string[] => readdirSync(join(root, 'versions')).sort();

function restarts(): number {
  const file = join(directory, 'restarts');
  return existsSync(file) ? readFileSync(file, 'utf8').length / 2 : 0;
}

/** Nothing of an update is left, and what runs is what ran. */
function expectUntouched(): void {
  expect(current()).toBe('versions/1.0.0');
  expect(versions()).toEqual(['1.0.0']);
  expect(existsSync(join(root, 'previous'))).toBe(false);
  expect(readdirSync(join(root, 'update')).filter((name) => name !== 'accepted.json')).toEqual([
    'lock',
  ]);
  expect(restarts()).toBe(0);
}

describe('an update', () => {
  test('brings the newer version, starts it, and is done only once', async () => {
    release.publish('1.1.0');
    const { code, out, err } = await update();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Rookery 1.1.0 runs.');
    expect(current()).toBe('versions/1.1.0');
    expect(readlinkSync(join(root, 'previous'))).toBe('versions/1.0.0');
    expect(statSync(join(root, 'current/bin/rookery')).mode & 0o777).toBe(0o755);
    expect(restarts()).toBe(1);
    expect((await update()).out).toContain('is the newest release');
    expect(restarts()).toBe(1);
  });

  test('keeps the version before and no others', async () => {
    for (const version of ['1.1.0', '1.2.0']) {
      release.publish(version);
      await update();
    }
    expect(versions()).toEqual(['1.1.0', '1.2.0']);
  });

  test('is taken back, and again', async () => {
    release.publish('1.1.0');
    await update();
    expect((await update('--rollback')).out).toContain('Rookery 1.0.0 is in its place again');
    expect(current()).toBe('versions/1.0.0');
    await update('--rollback');
    expect(current()).toBe('versions/1.1.0');
  });

  test('is only told of where that is asked for', async () => {
    release.publish('1.1.0');
    const { out } = await update('--check');
    expect(out).toContain('Rookery 1.1.0 of 2026-11-01 is there; 1.0.0 is installed.');
    expect(out).toContain('What is new.');
    const json = JSON.parse((await update('--check', '--json')).out) as object;
    expect(json).toMatchObject({ installedVersion: '1.0.0', standing: 'newer', version: '1.1.0' });
    expect(current()).toBe('versions/1.0.0');
  });

  test('that does not become healthy is undone by itself', async () => {
    release.publish('1.1.0');
    release.sick.add('1.1.0');
    const { code, err } = await update();
    expect(code).toBe(1);
    expect(err).toContain('version 1.0.0 is in its place again');
    expect(current()).toBe('versions/1.0.0');
    expect(versions()).toEqual(['1.0.0']);
    // The admin port here is of the version that `current` leads to, so that one runs at once.
    expect(restarts()).toBe(1);
  });

  test('puts the data of a version aside that did not become healthy', async () => {
    mkdirSync(join(data, 'database-1'));
    release.publish('1.1.0', { schemaVersion: 2 });
    release.sick.add('1.1.0');
    const migrate = `mkdir -p ${join(data, 'database-2')}`;
    const isNew = `[ "$(readlink ${join(root, 'current')})" = versions/1.1.0 ]`;
    await update('--restart-command', `if ${isNew}; then ${migrate}; fi`);
    expect(readdirSync(data).sort()).toEqual(['database-1', 'database-2.aside-1']);
  });

  test('goes back behind newer data only where that is put aside', async () => {
    release.publish('1.1.0', { schemaVersion: 2 });
    await update();
    for (const version of [1, 2]) mkdirSync(join(data, `database-${version}`));
    expect((await update('--rollback')).err).toContain('--put-data-aside');
    expect(current()).toBe('versions/1.1.0');
    expect((await update('--rollback', '--put-data-aside')).code).toBe(0);
    expect(readdirSync(data).sort()).toEqual(['database-1', 'database-2.aside-1']);
    expect(current()).toBe('versions/1.0.0');
  });

  test('of two at once is one', async () => {
    release.publish('1.1.0');
    const [one, other] = await Promise.all([update(), update()]);
    expect([one.code, other.code].sort()).toEqual([0, 1]);
    expect(`${one.err}${other.err}`).toContain('An update is under way');
  });
});

describe('refused, with nothing changed, is', () => {
  test('a manifest that was changed after it was signed', async () => {
    release.publish('1.1.0');
    const bytes = release.files.get('manifest.json')!;
    release.files.set('manifest.json', Buffer.from(bytes.toString().replace('1.1.0', '1.2.0')));
    expect((await update()).err).toContain('not signed by the key');
    expectUntouched();
  });

  test.each(['', 'AAAA', Buffer.alloc(64).toString('base64')])('the signature %j', async (text) => {
    release.publish('1.1.0');
    release.files.set('manifest.json.sig', Buffer.from(text));
    expect((await update()).err).toContain('not signed by the key');
    expectUntouched();
  });

  test('a release that somebody else signed', async () => {
    release.publish('1.1.0');
    const other = Buffer.alloc(32, 7).toString('base64');
    expect((await update('--update-key', other)).err).toContain('not signed by the key');
    expectUntouched();
  });

  test.each([
    ['changed', (archive: Buffer) => archive.fill(1, 30, 31), 'another hash'],
    ['cut short', (archive: Buffer) => archive.subarray(0, -1), 'cut short'],
    ['longer', (archive: Buffer) => Buffer.concat([archive, archive]), 'has more than'],
  ])('an archive that was %s', async (_how, serve, words) => {
    release.publish('1.1.0', { serve: (archive) => serve(Buffer.from(archive)) });
    expect((await update()).err).toContain(words);
    expectUntouched();
  });

  test('a manifest that has ended, unless asked for', async () => {
    release.publish('1.1.0', { manifest: { issued: daysFromNow(-9), expires: daysFromNow(-1) } });
    for (const option of ['--check', '--json']) {
      const { code, err } = await update(option);
      expect(code).toBe(1);
      expect(err).toMatch(/has ended on .* --allow-stale/);
    }
    expectUntouched();
    expect((await update('--allow-stale')).code).toBe(0);
    expect(current()).toBe('versions/1.1.0');
  });

  test('a manifest that this machine could not have yet: its clock is slow', async () => {
    release.publish('1.1.0', { manifest: { issued: daysFromNow(3) } });
    expect((await update()).err).toContain('Set the clock');
    expectUntouched();
    // Nothing of it is remembered: the clock may have been right, and the publisher's wrong.
    release.publish('1.1.0');
    expect((await update()).code).toBe(0);
  });

  test('a manifest older than one that was seen, unless asked for', async () => {
    release.publish('1.1.0');
    const older = new Map(release.files);
    release.publish('1.2.0', { manifest: { issued: daysFromNow(0) } });
    expect((await update('--check')).out).toContain('1.2.0');
    for (const [name, bytes] of older) release.files.set(name, bytes);
    expect((await update()).err).toContain('somebody gives you an old one');
    expectUntouched();
    // Of another publisher nothing was seen.
    expect((await update('--update-key', Buffer.alloc(32, 7).toString('base64'))).err).toContain(
      'not signed',
    );
    expect((await update('--allow-stale')).code).toBe(0);
    release.publish('1.2.0', { manifest: { issued: daysFromNow(-0.5) } });
    expect((await update()).err).toContain('somebody gives you an old one');
  });

  test.each(['0.9.0', '1.0.0', '1.0.0-rc.1'])('version %s, unless asked for', async (version) => {
    release.publish(version);
    expect((await update()).err).toContain('--allow-older');
    expectUntouched();
    expect((await update('--allow-older')).code).toBe(0);
    expect(readlinkSync(join(root, 'previous'))).toBe('versions/1.0.0');
  });

  test('what takes another version between', async () => {
    release.publish('3.0.0', { manifest: { minPreviousVersion: '2.0.0' } });
    expect((await update()).err).toContain('Update to 2.0.0 first');
    expectUntouched();
  });

  test('a release for other platforms', async () => {
    const file = { kind: 'server' as const, platform: 'vax-1', name: 'a', bytes: 1 };
    const files = [{ ...file, sha256: '0'.repeat(64) }];
    release.publish('1.1.0', { manifest: { files } });
    expect((await update()).err).toContain('it has: vax-1');
    expectUntouched();
  });

  const hostile: readonly [string, CraftedEntry, string][] = [
    ['leads up', { path: 'top/../../escaped' }, 'leads astray'],
    ['is absolute', { path: '/escaped' }, 'leads astray'],
    ['is a link', { path: 'top/a', type: '2', linkTo: '/' }, 'a link'],
    ['is a hard link', { path: 'top/a', type: '1', linkTo: '/etc/passwd' }, 'a link'],
    ['is a device', { path: 'top/a', type: '3' }, 'no file'],
    ['comes twice', { path: 'top/release.json' }, 'twice'],
    ['stands elsewhere', { path: 'other/a' }, 'more than one folder'],
    ['is below a file', { path: 'top/release.json/a' }, 'a file where a folder is to be'],
    ['holds a backslash', { path: 'top/..\\a' }, 'leads astray'],
    ['holds a zero by pax', { path: 'p', type: 'x', content: '18 path=top/\0a/../\n' }, 'astray'],
    ['leads up by pax', { path: 'p', type: 'x', content: '19 path=top/../../a\n' }, 'astray'],
  ];
  test.each(hostile)('an archive with what %s', async (_what, entry, words) => {
    const after = entry.type === 'x' ? [entry, { path: 'top/a' }] : [entry];
    release.publish('1.1.0', { entries: [...tinyRelease('1.1.0'), ...after] });
    expect((await update()).err).toContain(words);
    expectUntouched();
    expect(existsSync(join(directory, 'escaped'))).toBe(false);
  });

  test('an archive of another version than was signed for', async () => {
    release.publish('1.1.0', { entries: tinyRelease('1.2.0') });
    expect((await update()).err).toContain('not of the release');
    expectUntouched();
  });

  test('a version that does not run here', async () => {
    const [, info, program] = tinyRelease('1.1.0');
    const entries = [info!, { ...program!, content: '#!/bin/sh\necho broken >&2\nexit 1\n' }];
    release.publish('1.1.0', { entries });
    expect((await update()).err).toContain('broken');
    expectUntouched();
  });

  test('what is not there', async () => {
    expect((await update()).err).toContain('it answers 404');
    expectUntouched();
  });
});
