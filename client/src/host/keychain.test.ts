import { expect, test } from 'vitest';
import { MemorySecrets } from '../testing/memorySecrets.js';
import { Keychain, type SecretStore } from './keychain.js';

const bookmarkId = '00000000-0000-4000-8000-000000000001';

async function keychainOn(store: SecretStore | null): Promise<Keychain> {
  const keychain = new Keychain(() => undefined);
  await keychain.open(() => Promise.resolve(store));
  return keychain;
}

test('keeps, reads and forgets passwords where there is a keychain', async () => {
  const keychain = await keychainOn(new MemorySecrets());
  expect(keychain.canKeep).toBe(true);
  await keychain.keep(bookmarkId, 'open sesame');
  expect(await keychain.read(bookmarkId)).toBe('open sesame');
  await keychain.forget(bookmarkId);
  expect(await keychain.read(bookmarkId)).toBeNull();
});

test('says once that there is one', async () => {
  let told = 0;
  const keychain = new Keychain(() => told++);
  expect(keychain.canKeep).toBe(false);
  await keychain.open(() => Promise.resolve(new MemorySecrets()));
  expect(told).toBe(1);
});

test.each<[string, () => Promise<SecretStore | null>]>([
  ['there is none', () => Promise.resolve(null)],
  ['none can be loaded', () => Promise.reject(new Error('no such module'))],
  ['it refuses to be read', () => Promise.resolve(lockedSecrets())],
])('keeps nothing where %s, and says so', async (_, load) => {
  const keychain = new Keychain(() => expect.unreachable());
  await keychain.open(load);
  expect(keychain.canKeep).toBe(false);
  await expect(keychain.keep(bookmarkId, 'x')).rejects.toMatchObject({ code: 'noKeychain' });
  await expect(keychain.forget(bookmarkId)).rejects.toMatchObject({ code: 'noKeychain' });
  expect(await keychain.read(bookmarkId)).toBeNull();
});

test('goes on without a password where the keychain was locked since', async () => {
  const secrets = new MemorySecrets();
  const keychain = await keychainOn(secrets);
  await keychain.keep(bookmarkId, 'open sesame');
  secrets.isLocked = true;
  expect(await keychain.read(bookmarkId)).toBeNull();
  await expect(keychain.forget(bookmarkId)).rejects.toMatchObject({ code: 'noKeychain' });
  await keychain.drop(bookmarkId);
});

test('a reader waits for the keychain to be found', async () => {
  const secrets = new MemorySecrets();
  const before = await keychainOn(secrets);
  await before.keep(bookmarkId, 'open sesame');
  const keychain = new Keychain(() => undefined);
  const opened = keychain.open(() => Promise.resolve(secrets));
  expect(await keychain.read(bookmarkId)).toBe('open sesame');
  await opened;
});

function lockedSecrets(): MemorySecrets {
  const secrets = new MemorySecrets();
  secrets.isLocked = true;
  return secrets;
}
