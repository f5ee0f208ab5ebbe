import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseFingerprint } from './fingerprint.js';
import {
  checkServerPin,
  forgetKnownServers,
  glanceAtServerPin,
  listKnownServers,
} from './serverPins.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rookery-pins-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const address = { host: 'example.org', port: 4640 };
const first = parseFingerprint('aa'.repeat(32));
const second = parseFingerprint('bb'.repeat(32));
/** A key in a certificate of its own. */
const shows = (key: string, certificate = key) => ({ key, certificate });
const pinsPath = (): string => join(folder, 'known_servers.json');

async function pinned(): Promise<Record<string, { fingerprint: string }>> {
  const file = JSON.parse(await readFile(pinsPath(), 'utf8')) as {
    servers: Record<string, { fingerprint: string }>;
  };
  return file.servers;
}

describe('checkServerPin', () => {
  it('remembers a server at the first meeting and knows it again', async () => {
    expect(await checkServerPin(folder, address, shows(first), {})).toBe('remembered');
    expect(await checkServerPin(folder, address, shows(first), {})).toBe('known');
    expect((await pinned())['example.org:4640']?.fingerprint).toBe(first);
  });

  it('refuses another fingerprint, shows both, and forgets nothing', async () => {
    await checkServerPin(folder, address, shows(first), {});
    const failure = checkServerPin(folder, address, shows(second), {});
    await expect(failure).rejects.toMatchObject({ code: 'fingerprintChanged' });
    await expect(failure).rejects.toThrow(`expected ${first}, got ${second}`);
    await checkServerPin(folder, address, shows(first), {});
  });

  it('knows a server by its key, whatever certificate it shows', async () => {
    await checkServerPin(folder, address, shows(first, 'one'), {});
    expect(await checkServerPin(folder, address, shows(first, 'another'), {})).toBe('known');
    const advice = { expectedFingerprint: first };
    expect(await checkServerPin(folder, address, shows(first, 'a third'), advice)).toBe('known');
  });

  it('takes the fingerprint of a certificate while it is shown, and keeps its key', async () => {
    const shown = shows(second, first);
    await checkServerPin(folder, address, shows(first), {});
    const { firstSeen } = (await listKnownServers(folder))[0]!;
    expect(await glanceAtServerPin(folder, address, shown)).toBe('known');
    expect(await checkServerPin(folder, address, shown, { expectedFingerprint: first })).toBe(
      'known',
    );
    expect(await listKnownServers(folder)).toMatchObject([{ fingerprint: second, firstSeen }]);
    const other = { ...address, port: 4641 };
    expect(await checkServerPin(folder, other, shown, { acceptedFingerprint: first })).toBe(
      'remembered',
    );
    expect((await pinned())['example.org:4641']?.fingerprint).toBe(second);
  });

  it('takes the very fingerprint that the user vouches for, and remembers it', async () => {
    await checkServerPin(folder, address, shows(first), {});
    await checkServerPin(folder, address, shows(second), { acceptedFingerprint: second });
    await checkServerPin(folder, address, shows(second), {});
  });

  it('refuses a server that shows another than the user vouches for, also at first', async () => {
    await expect(
      checkServerPin(folder, address, shows(second), { acceptedFingerprint: first }),
    ).rejects.toMatchObject({
      code: 'fingerprintChanged',
    });
    await checkServerPin(folder, address, shows(first), {});
    await expect(
      checkServerPin(folder, address, shows(first), { acceptedFingerprint: second }),
    ).rejects.toThrow(second);
  });

  it('takes the fingerprint of a link at the first meeting, and no other', async () => {
    await expect(
      checkServerPin(folder, address, shows(second), { expectedFingerprint: first }),
    ).rejects.toThrow(`expected ${first}, got ${second}`);
    const met = await checkServerPin(folder, address, shows(first), { expectedFingerprint: first });
    expect(met).toBe('remembered');
    expect(
      await checkServerPin(folder, address, shows(first), { expectedFingerprint: first }),
    ).toBe('known');
  });

  it('never takes it for the one that is remembered, unless the user says so', async () => {
    await checkServerPin(folder, address, shows(first), {});
    for (const presented of [first, second]) {
      const met = checkServerPin(folder, address, shows(presented), {
        expectedFingerprint: second,
      });
      await expect(met).rejects.toMatchObject({ code: 'fingerprintChanged' });
    }
    const advice = { expectedFingerprint: second, acceptedFingerprint: second };
    expect(await checkServerPin(folder, address, shows(second), advice)).toBe('remembered');
  });

  it('keeps servers apart by port', async () => {
    await checkServerPin(folder, address, shows(first), {});
    await checkServerPin(folder, { ...address, port: 4641 }, shows(second), {});
    expect(Object.keys(await pinned())).toEqual(['example.org:4640', 'example.org:4641']);
  });

  it.each(['', '{}', '{"version":2,"servers":{}}', '{"version":1,"servers":{"a:1":{}}}'])(
    'refuses the broken file %j and leaves it as it is',
    async (broken) => {
      await writeFile(pinsPath(), broken);
      await expect(checkServerPin(folder, address, shows(first), {})).rejects.toMatchObject({
        code: 'knownServersUnreadable',
      });
      expect(await readFile(pinsPath(), 'utf8')).toBe(broken);
    },
  );

  it('waits out the lock of a process that died', async () => {
    const lock = `${pinsPath()}.lock`;
    await writeFile(lock, '');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    await checkServerPin(folder, address, shows(first), {});
    expect(Object.keys(await pinned())).toHaveLength(1);
  });

  it("loses none of several processes' servers", async () => {
    const module = new URL('./serverPins.js', import.meta.url).href;
    const script = `
      const { checkServerPin } = await import(${JSON.stringify(module)});
      const [folder, key, host] = process.argv.slice(1);
      const shown = { key, certificate: key };
      await Promise.all(Array.from({ length: 5 }, (_, port) =>
        checkServerPin(folder, { host, port: port + 1 }, shown, {})));`;
    const run = promisify(execFile);
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((host) =>
        run(process.execPath, ['--input-type=module', '-e', script, folder, first, host]),
      ),
    );
    expect(Object.keys(await pinned())).toHaveLength(20);
  });
});

describe('a server that was never met', () => {
  it('is refused where the user is to be asked, and not remembered', async () => {
    const failure = checkServerPin(folder, address, shows(first), { unknown: 'refuse' });
    const facts = { shownFingerprint: first };
    await expect(failure).rejects.toMatchObject({ code: 'serverUnknown', facts });
    expect(await listKnownServers(folder)).toEqual([]);
  });

  it.each(['expectedFingerprint', 'acceptedFingerprint'])('is remembered with %s', async (name) => {
    const advice = { unknown: 'refuse', [name]: first } as const;
    expect(await checkServerPin(folder, address, shows(first), advice)).toBe('remembered');
    expect(await checkServerPin(folder, address, shows(first), { unknown: 'refuse' })).toBe(
      'known',
    );
  });
});

describe('known servers', () => {
  const other = { host: 'a.example.org', port: 1 };

  it('are listed, and told apart at a glance', async () => {
    await checkServerPin(folder, address, shows(first), {});
    await checkServerPin(folder, other, shows(second), {});
    expect(await listKnownServers(folder)).toMatchObject([
      { address: 'a.example.org:1', fingerprint: second },
      { address: 'example.org:4640', fingerprint: first },
    ]);
    expect(await glanceAtServerPin(folder, address, shows(first))).toBe('known');
    expect(await glanceAtServerPin(folder, address, shows(second))).toBe('changed');
    expect(await glanceAtServerPin(folder, { ...address, port: 2 }, shows(first))).toBe('unknown');
  });

  it('are forgotten one by one, or all', async () => {
    await forgetKnownServers(folder, null);
    await checkServerPin(folder, address, shows(first), {});
    await checkServerPin(folder, other, shows(second), {});
    await forgetKnownServers(folder, 'example.org:4640');
    expect((await listKnownServers(folder)).map(({ address: kept }) => kept)).toEqual([
      'a.example.org:1',
    ]);
    await writeFile(pinsPath(), 'damaged');
    await forgetKnownServers(folder, null);
    expect(await listKnownServers(folder)).toEqual([]);
  });
});
