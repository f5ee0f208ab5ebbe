import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RookeryProcess, runRookery, type Outcome } from '../testing/rookeryProcess.js';
import { ScratchFolder } from '../testing/scratchFolder.js';
import { TestServer } from '../testing/testServer.js';

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await ScratchFolder.make();
});
afterAll(async () => {
  await scratch.remove();
});

const rooms = (
  address: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> =>
  runRookery(['rooms', '--server', address, '--profile', scratch.in('profile'), ...args], env);

/** What every failure looks like: one line, and the exit code of errors. */
function expectFailure({ code, stdout, stderr }: Outcome, words: string): void {
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  const lines = stderr.trim().split('\n');
  // A first meeting may be told before.
  expect(lines.at(-1)).toMatch(/^rookery: /);
  expect(lines.at(-1)).toContain(words);
}

describe('passwords', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start(scratch.in('guarded'), ['--password', 'open sesame']);
  });
  afterAll(async () => {
    await server.stop();
  });

  it('lets in with the right one, by option or variable', async () => {
    expect(await rooms(server.address, ['--password', 'open sesame'])).toMatchObject({ code: 0 });
    expect(await rooms(server.address, [], { ROOKERY_PASSWORD: 'open sesame' })).toMatchObject({
      code: 0,
      stdout: 'Lobby (0)\n',
    });
  });

  it('says that it is wrong, or missing, and how to give it', async () => {
    // Who was let in once has a ticket, and is not asked again.
    const stranger = ['--profile', scratch.in('stranger')];
    for (const args of [['--password', 'wrong'], []]) {
      expectFailure(await rooms(server.address, [...stranger, ...args]), 'ROOKERY_PASSWORD');
    }
    const wrong = [...stranger, '--password', 'wrong', '--json'];
    const { stdout } = await rooms(server.address, wrong);
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({ code: 'wrongPassword' });
  });
});

describe('an unreachable server', () => {
  it('is told after the time-out', async () => {
    const silent = createSocket('udp4').bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = `127.0.0.1:${silent.address().port}`;
    expectFailure(
      await rooms(address, ['--timeout', '0.4001']),
      `cannot reach ${address}: no answer within 0.401 s`,
    );
    silent.close();
  });

  it('is told when its name is not known', async () => {
    expectFailure(await rooms('no-such-host.invalid'), 'cannot reach no-such-host.invalid:4640');
  });

  it('can be given up with Ctrl-C', async () => {
    const silent = createSocket('udp4').bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const waiting = new RookeryProcess([
      ...['rooms', '--server', `127.0.0.1:${silent.address().port}`, '--timeout', '600'],
      ...['--profile', scratch.in('profile')],
    ]);
    await once(silent, 'message');
    expect(await waiting.stop()).toEqual({ code: 0, stdout: '', stderr: '' });
    silent.close();
  });
});

describe('a server with another certificate', () => {
  it('is refused until its fingerprint is accepted', async () => {
    const first = await TestServer.start(scratch.in('first'));
    expect((await rooms(first.address)).stderr).toContain(first.fingerprint);
    expect((await rooms(first.address)).stderr).not.toContain(first.fingerprint);
    await first.stop();

    const port = first.address.split(':').at(-1)!;
    const second = await TestServer.start(scratch.in('second'), ['--port', port]);
    const refused = await rooms(second.address);
    expectFailure(refused, `expected ${first.fingerprint}, got ${second.fingerprint}`);
    expect(refused.stderr).toContain('--accept-fingerprint');
    expectFailure(
      await rooms(second.address, ['--accept-fingerprint', 'ab'.repeat(32)]),
      second.fingerprint,
    );
    const accepting = await rooms(second.address, ['--accept-fingerprint', second.fingerprint]);
    expect(accepting.code).toBe(0);
    expect((await rooms(second.address)).code).toBe(0);
    await second.stop();
  });
});

describe('files that cannot be used', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start(scratch.in('plain'));
  });
  afterAll(async () => {
    await server.stop();
  });

  it('a broken identity', async () => {
    const profile = scratch.in('broken');
    await mkdir(profile);
    await writeFile(scratch.in('broken', 'identity.json'), 'garbage');
    expectFailure(await rooms(server.address, ['--profile', profile]), 'identity.json');
  });

  it('an unreadable WAV', async () => {
    await writeFile(scratch.in('no.wav'), 'this is no sound');
    for (const name of ['no.wav', 'missing.wav']) {
      const say = ['say', '--server', server.address, '--wav', scratch.in(name)];
      expectFailure(await runRookery([...say, '--profile', scratch.in('profile')]), name);
    }
  });

  it('an output that cannot be written', async () => {
    const outcome = await runRookery([
      ...['listen', '--server', server.address, '--profile', scratch.in('profile')],
      ...['--seconds', '1', '--out', scratch.in('no such folder', 'out.wav')],
    ]);
    expectFailure(outcome, 'out.wav');
  });
});
