import { createPublicKey, verify } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadIdentity } from './identity.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rookery-identity-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

interface Stored {
  version: number;
  publicKey: string;
  privateKey: string;
}
const identityPath = (): string => join(folder, 'identity.json');
const stored = async (): Promise<Stored> =>
  JSON.parse(await readFile(identityPath(), 'utf8')) as Stored;

describe('loadIdentity', () => {
  it('makes an identity once and finds it again', async () => {
    const profile = join(folder, 'a', 'b');
    const first = await loadIdentity(profile);
    const second = await loadIdentity(profile);
    expect(first.publicKey).toHaveLength(32);
    expect(second.publicKey).toEqual(first.publicKey);
  });

  it('signs so that the public key verifies it', async () => {
    const identity = await loadIdentity(folder);
    const message = new TextEncoder().encode('a challenge');
    const x = Buffer.from(identity.publicKey).toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const signature = identity.sign(message);
    expect(signature).toHaveLength(64);
    expect(verify(null, message, key, signature)).toBe(true);
  });

  it('lets only the owner read the file', async () => {
    await loadIdentity(folder);
    expect((await stat(identityPath())).mode & 0o777).toBe(0o600);
  });

  it('gives all who start together the same identity', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => loadIdentity(folder)));
    const keys = new Set(all.map(({ publicKey }) => Buffer.from(publicKey).toString('hex')));
    expect(keys.size).toBe(1);
  });

  it.each([
    ['an empty file', () => ''],
    ['half a file', (text: string) => text.slice(0, text.length / 2)],
    ['no JSON', () => 'hello'],
    ['another version', (text: string) => text.replace('"version": 1', '"version": 2')],
    ['a missing key', (text: string) => text.replace('"privateKey"', '"other"')],
    ['a short key', (text: string) => text.replace(/("privateKey": ").{5}/, '$1')],
  ])('refuses %s and leaves it as it is', async (_, breakIt) => {
    await loadIdentity(folder);
    const broken = breakIt(await readFile(identityPath(), 'utf8'));
    await writeFile(identityPath(), broken);
    await expect(loadIdentity(folder)).rejects.toMatchObject({
      code: 'identityUnreadable',
      message: expect.stringContaining('Restore it from a backup') as string,
    });
    expect(await readFile(identityPath(), 'utf8')).toBe(broken);
  });

  it('refuses keys that do not belong together', async () => {
    const other = join(folder, 'other');
    await loadIdentity(other);
    await loadIdentity(folder);
    const { publicKey } = JSON.parse(
      await readFile(join(other, 'identity.json'), 'utf8'),
    ) as Stored;
    await writeFile(identityPath(), JSON.stringify({ ...(await stored()), publicKey }));
    await expect(loadIdentity(folder)).rejects.toThrow('do not belong together');
  });

  it('says so when the folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    await chmod(join(folder, 'file'), 0o400);
    await expect(loadIdentity(join(folder, 'file', 'profile'))).rejects.toMatchObject({
      code: 'identityUnreadable',
    });
  });
});
