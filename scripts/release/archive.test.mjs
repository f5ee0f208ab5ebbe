// The archive that people get: made once by scripts/release.sh, then run, damaged and installed.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const ownRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Packs a quarter of a gigabyte, which takes a while on a busy machine. */
const packMsMax = 300_000;

let folder, archive;
beforeAll(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'rookery-archive-'));
  const options = ['--no-build', '--packages', 'checkout', '--version', '1.0.0', '--out', folder];
  await run(join(ownRoot, 'scripts/release.sh'), options);
  archive = join(folder, 'rookery-server-1.0.0-linux-x64.tar.gz');
}, packMsMax);
afterAll(() => rmSync(folder, { recursive: true }));

/** All that a machine without Node has on its path; the launcher needs no more. */
function bareEnvironment() {
  const tools = join(folder, 'tools');
  if (!existsSync(tools)) {
    mkdirSync(tools);
    for (const name of ['dirname', 'readlink']) symlinkSync(`/usr/bin/${name}`, join(tools, name));
  }
  return { PATH: tools, HOME: join(folder, 'home') };
}

/** Runs the program of a release as one does who has nothing else. */
function rookery(release, ...args) {
  const options = { env: bareEnvironment(), cwd: release };
  return run('bin/rookery', args, options).catch((error) => error);
}

async function unpack(to) {
  mkdirSync(to, { recursive: true });
  await run('tar', ['-xzf', archive, '-C', to, '--strip-components=1']);
  return to;
}

/** Starts the server of a release on free ports. */
async function startServer(release, data) {
  const ports = ['--port', '0', '--voice-port', '0', '--admin-port', '0', '--host', '127.0.0.1'];
  const server = spawn('bin/rookery', ['server', '--json', '--data', data, ...ports], {
    cwd: release,
    env: bareEnvironment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exited = once(server, 'exit');
  const { value } = await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next();
  return { info: JSON.parse(value), stop: () => (server.kill('SIGTERM'), exited) };
}

describe('unpacked where nothing else is, in a folder with a space', () => {
  let release;
  beforeAll(async () => {
    release = await unpack(join(folder, 'un packed'));
  });

  test('its server takes people in, keeps what they made, and stops when asked to', async () => {
    const data = join(folder, 'some data');
    const server = await startServer(release, data);
    const { quic, admin } = server.info;
    const health = await fetch(`http://127.0.0.1:${admin.port}/health`);
    expect(health.status).toBe(200);
    const login = ['--server', `127.0.0.1:${quic.port}`, '--name', 'Wren'];
    await rookery(release, 'rooms', ...login);
    const { stdout } = await rookery(release, 'rooms', ...login);
    expect(stdout).toContain('Lobby');
    expect(await server.stop()).toEqual([0, null]);
    expect(existsSync(join(data, 'identity.pem'))).toBe(true);
  });

  test('tells how it is called there', async () => {
    const ports = ['--port', '0', '--voice-port', '0', '--admin-port', '0', '--host', '127.0.0.1'];
    const server = spawn('bin/rookery', ['server', '--data', join(folder, 'told'), ...ports], {
      cwd: release,
      env: bareEnvironment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const exited = once(server, 'exit');
    let said = '';
    for await (const line of createInterface({ input: server.stdout })) {
      said += `${line}\n`;
      if (line.includes(' owner ')) server.kill('SIGTERM');
    }
    await exited;
    expect(said).toContain(`'${release}/bin/rookery' rooms --server 127.0.0.1:`);
    expect(said).not.toContain('npx');
  });

  test('its native parts load, and the one that is damaged is named', async () => {
    const good = await rookery(release, 'doctor', '--native-only');
    expect(good.stdout).toMatch(/^(good +\S+ +loads\.\n){5}$/);
    const part = join(release, 'node_modules/sodium-native/prebuilds/linux-x64/sodium-native.node');
    copyFileSync(part, `${part}.whole`);
    writeFileSync(part, readFileSync(part).subarray(0, 10_000));
    const bad = await rookery(release, 'doctor', '--native-only');
    copyFileSync(`${part}.whole`, part);
    expect(bad.code).toBe(1);
    expect(bad.stdout).toMatch(/^bad +sodium-native +does not load/m);
    expect(bad.stdout).toContain('unpack the archive again');
  });
});
