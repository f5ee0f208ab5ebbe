import { inspect } from 'node:util';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { loadIdentity } from './identity.js';
import { openRecord, parseIdentityRecord, publicKeyOf } from './identityFile.js';
import { IdentityStore, isSealed } from './identityStore.js';

const server = { host: 'a.example', port: 4_640 };
const elsewhere = { host: 'b.example', port: 4_640 };
let scratch: ScratchFolder;
let folder: string;
let store: IdentityStore;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
});
afterAll(async () => {
  await scratch.remove();
});
beforeEach((context) => {
  folder = scratch.in(context.task.id);
  store = new IdentityStore(folder);
});

const saying = (passphrase: string) => () => Promise.resolve(passphrase);
const neverAsked = (): Promise<string> => Promise.reject(new Error('asked for a passphrase'));
const keyOf = async (name: string | null, address: typeof server | null = null) =>
  (await store.find(name, address)).record.publicKey;
const names = async (): Promise<string[]> => (await store.list()).map(({ name }) => name);

describe('an identity with a passphrase', () => {
  it('is opened by it, in any spelling of its letters, and by nothing else', async () => {
    const { publicKey } = await store.create('work', saying('Caf\u00e9'));
    const passphrase = saying('Cafe\u0301');
    const identity = await loadIdentity(folder, { passphrase });
    expect(identity.publicKey).toEqual(publicKeyOf({ publicKey }));
    const wrong = loadIdentity(folder, { passphrase: saying('cafe') });
    await expect(wrong).rejects.toMatchObject({ code: 'wrongPassphrase' });
    await expect(loadIdentity(folder)).rejects.toMatchObject({ code: 'passphraseNeeded' });
  });

  it('gets another, or none, only from who knows the present one', async () => {
    const first = await loadIdentity(folder);
    const privateKey = (JSON.parse(await readFile(`${folder}/identity.json`, 'utf8')) as Stored)
      .privateKey!;
    await store.changePassphrase('main', neverAsked, saying('one'));
    expect(await readFile(`${folder}/identity.json`, 'utf8')).not.toContain(privateKey);
    await expect(
      store.changePassphrase('main', saying('two'), saying('three')),
    ).rejects.toMatchObject({ code: 'wrongPassphrase' });
    await store.changePassphrase('main', saying('one'), saying('two'));
    const sealed = await loadIdentity(folder, { passphrase: saying('two') });
    expect(sealed.publicKey).toEqual(first.publicKey);
    await store.changePassphrase('main', saying('two'), null);
    expect((await loadIdentity(folder)).publicKey).toEqual(first.publicKey);
    expect(await readFile(`${folder}/identity.json`, 'utf8')).toContain(privateKey);
  });

  it('keeps its passphrase where it was changed while one was typed', async () => {
    await store.create('work', null);
    const late = async (): Promise<string> => {
      await store.changePassphrase('work', neverAsked, saying('first'));
      return 'late';
    };
    await expect(store.changePassphrase('work', neverAsked, late)).rejects.toMatchObject({
      code: 'profileBusy',
    });
    await loadIdentity(folder, { name: 'work', passphrase: saying('first') });
  });
});

describe('several identities', () => {
  it('are each in a file for their owner alone, and the first is the default', async () => {
    await store.create('work', null);
    await store.create('play', null);
    expect(await store.list()).toMatchObject([
      { name: 'play', isDefault: false },
      { name: 'work', isDefault: true },
    ]);
    expect(await keyOf(null)).toBe(await keyOf('work'));
    const files = await readdir(folder);
    expect(files.sort()).toEqual(['identities.json', 'identity-play.json', 'identity-work.json']);
    if (process.platform === 'win32') return;
    for (const file of files) expect((await stat(`${folder}/${file}`)).mode & 0o077).toBe(0);
  });

  it('stand beside the one that was there before names were', async () => {
    await loadIdentity(folder);
    await store.create('work', null);
    expect(await names()).toEqual(['main', 'work']);
    expect(await keyOf(null)).toBe(await keyOf('main'));
  });

  it('are chosen for a server, as default, or by name', async () => {
    for (const name of ['a', 'b', 'c']) await store.create(name, null);
    await store.chooseForServer(server, 'b');
    await store.chooseDefault('c');
    expect(await keyOf(null, server)).toBe(await keyOf('b'));
    expect(await keyOf(null, elsewhere)).toBe(await keyOf('c'));
    expect(await keyOf('a', server)).not.toBe(await keyOf('b'));
    expect((await store.list())[1]).toMatchObject({ name: 'b', servers: ['a.example:4640'] });
    await store.chooseForServer(server, null);
    expect(await keyOf(null, server)).toBe(await keyOf('c'));
  });

  it('keep their place under a new name', async () => {
    await loadIdentity(folder);
    await store.create('other', null);
    await store.chooseForServer(server, 'main');
    const key = await keyOf('main');
    await store.rename('main', 'home');
    expect(await names()).toEqual(['home', 'other']);
    expect([await keyOf(null), await keyOf(null, server)]).toEqual([key, key]);
    await expect(store.rename('home', 'other')).rejects.toMatchObject({ code: 'invalidInput' });
    await expect(store.rename('gone', 'new')).rejects.toMatchObject({ code: 'noSuchIdentity' });
  });

  it('are removed with what was chosen, the default one last', async () => {
    for (const name of ['a', 'b']) await store.create(name, null);
    await store.chooseForServer(server, 'b');
    await expect(store.remove('a')).rejects.toMatchObject({ code: 'invalidInput' });
    await store.remove('b');
    expect(await keyOf(null, server)).toBe(await keyOf('a'));
    await store.remove('a');
    expect(await names()).toEqual([]);
    await expect(store.remove('a')).rejects.toMatchObject({ code: 'noSuchIdentity' });
  });

  it('are never guessed: what is chosen and not there is told', async () => {
    await store.create('a', null);
    await expect(keyOf('b')).rejects.toMatchObject({
      code: 'noSuchIdentity',
      message: 'there is no identity "b"; there is a',
    });
    await writeFile(`${folder}/identities.json`, '{"version":1,"default":"a","ser');
    for (const work of [() => keyOf(null, server), () => store.chooseDefault('a')]) {
      await expect(work()).rejects.toMatchObject({
        code: 'identityUnreadable',
        message: expect.stringContaining('identities.json') as string,
      });
    }
  });

  it('are all there when all are made at the same time', async () => {
    const all = Array.from({ length: 6 }, (_, i) => `n${i}`);
    const again = (name: string): Promise<unknown> => new IdentityStore(folder).create(name, null);
    const made = await Promise.allSettled([...all, ...all].map(again));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(all.length);
    expect(await names()).toEqual(all);
  });

  it.each(['', 'A', '-a', 'a/b', '..', 'a.b', 'x'.repeat(33), 'ä'])(
    'have no name like "%s"',
    async (name) => {
      await expect(store.create(name, null)).rejects.toMatchObject({ code: 'invalidInput' });
      await expect(store.find(name, null)).rejects.toMatchObject({ code: 'invalidInput' });
    },
  );
});

describe('an exported identity', () => {
  it('is the same on another machine, with the passphrase that it has', async () => {
    const { publicKey } = await store.create('work', saying('secret'));
    const text = await store.exportText('work', neverAsked);
    const other = new IdentityStore(scratch.in('other machine'));
    const mailed = `Hello!\r\n\r\n${text.replaceAll('\n', '\r\n')}Bye`;
    await expect(other.importText('work', mailed, saying('guess'))).rejects.toMatchObject({
      code: 'wrongPassphrase',
    });
    expect(await other.list()).toEqual([]);
    await other.importText('mine', mailed, saying('secret'));
    const { record } = await other.find('mine', null);
    expect(record.publicKey).toBe(publicKey);
    expect(isSealed(record)).toBe(true);
  });

  it('gets a passphrase where it had none', async () => {
    const plain = await store.create('work', null);
    const text = await store.exportText('work', saying('for the way'));
    const record = parseBlock(text);
    expect(isSealed(record) && (await openRecord(record, 'for the way'))).toEqual(plain);
    expect(isSealed((await store.find('work', null)).record)).toBe(false);
  });

  it('may be the file of another profile, and is not taken in twice', async () => {
    await loadIdentity(folder);
    const text = await readFile(`${folder}/identity.json`, 'utf8');
    const other = new IdentityStore(scratch.in('copied to'));
    await other.importText('copy', text, neverAsked);
    expect((await other.find(null, null)).record.publicKey).toBe(await keyOf('main'));
    await expect(other.importText('again', text, neverAsked)).rejects.toThrow('as "copy"');
  });

  it.each([
    ['nothing', () => ''],
    ['no block', () => 'hello'],
    ['half a block', (text: string) => text.slice(0, text.length / 2)],
    ['other letters', (text: string) => text.replace(/[A-Za-z]{5}\n/, '!!!!!\n')],
    ['a hole', (text: string) => text.split('\n').toSpliced(2, 1).join('\n')],
    ['too much', (text: string) => text.replace(/\n(.)/, `\n${'A'.repeat(9_999)}$1`)],
  ])('is refused with %s of it', async (_, breakIt) => {
    await store.create('work', null);
    const text = breakIt(await store.exportText('work', saying('a')));
    const other = new IdentityStore(scratch.in('never made'));
    await expect(other.importText('work', text, saying('a'))).rejects.toMatchObject({
      code: 'identityUnreadable',
      message: expect.stringContaining('no identity to import') as string,
    });
    expect(await other.list()).toEqual([]);
  });
});

interface Stored {
  version: number;
  publicKey: string;
  privateKey?: string;
  sealing: Record<string, unknown>;
}

describe('a sealed file', () => {
  const text = async (): Promise<Stored> => {
    await store.create('work', saying('a'));
    return JSON.parse(await readFile(`${folder}/identity-work.json`, 'utf8')) as Stored;
  };
  const using = async (stored: unknown): Promise<unknown> => {
    await mkdir(folder, { recursive: true });
    await writeFile(`${folder}/identity-work.json`, JSON.stringify(stored));
    return loadIdentity(folder, { name: 'work', passphrase: saying('a') });
  };

  it.each([
    ['memoryKib', 4_000_000_000],
    ['memoryKib', 262_145],
    ['memoryKib', 8],
    ['passes', 11],
    ['passes', 1],
    ['passes', 3.5],
    ['passes', -1],
  ])('cannot ask for %s of %d, and is refused before any work', async (field, value) => {
    const stored = await text();
    const hostile = { ...stored, sealing: { ...stored.sealing, [field]: value } };
    await writeFile(`${folder}/identity-work.json`, JSON.stringify(hostile));
    await expect(
      loadIdentity(folder, { name: 'work', passphrase: neverAsked }),
    ).rejects.toMatchObject({
      code: 'identityUnreadable',
      message: expect.stringContaining(`sealing.${field} is out of bounds`) as string,
    });
  });

  it('is refused where its version or one of its ways is another', async () => {
    const stored = await text();
    const { sealing } = stored;
    for (const other of [
      { version: 3 },
      { version: 1 },
      { sealing: { ...sealing, kdf: 'scrypt' } },
      { sealing: { ...sealing, salt: 'AAAA' } },
      { sealedKey: 'AAAA' },
      { more: 1 },
    ]) {
      const refused = using({ ...stored, ...other });
      await expect(refused).rejects.toMatchObject({ code: 'identityUnreadable' });
    }
  });

  it('is refused where anything in it is not what it was', async () => {
    const stored = await text();
    const { sealing } = stored;
    const another = { ...sealing, salt: 'A'.repeat(22) };
    for (const other of [
      { createdAt: 'yesterday' },
      { publicKey: 'A'.repeat(43) },
      { sealedKey: 'A'.repeat(64) },
      { sealing: another },
      { sealing: { ...sealing, passes: 4 } },
      { sealing: { ...sealing, nonce: 'A'.repeat(32) } },
    ]) {
      const refused = using({ ...stored, ...other });
      await expect(refused).rejects.toMatchObject({ code: 'wrongPassphrase' });
    }
  });

  it('is not read to its end where it is far too long', async () => {
    await mkdir(folder);
    await writeFile(`${folder}/identity-work.json`, ' '.repeat(1_000_000));
    await expect(keyOf('work')).rejects.toThrow('longer than 4096 bytes');
  });
});

it('no error shows a private key, not even in its cause', async () => {
  await store.create('work', null);
  const path = `${folder}/identity-work.json`;
  const whole = await readFile(path, 'utf8');
  const { privateKey } = JSON.parse(whole) as Required<Stored>;
  for (const broken of [
    `${whole}}`,
    whole.slice(0, -3),
    whole.replace('"version": 1', '"version": 7'),
    whole.replace(/"publicKey": ".{43}"/, `"publicKey": "${'A'.repeat(43)}"`),
    `"${privateKey}"`,
    privateKey,
  ]) {
    await writeFile(path, broken);
    const error: unknown = await loadIdentity(folder, { name: 'work' }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'identityUnreadable' });
    const shown = inspect(error, { depth: 10, showHidden: true });
    expect(shown).not.toContain(privateKey.slice(0, 8));
  }
});

function parseBlock(text: string) {
  const lines = text.trim().split('\n').slice(1, -1);
  return parseIdentityRecord(Buffer.from(lines.join(''), 'base64').toString());
}
