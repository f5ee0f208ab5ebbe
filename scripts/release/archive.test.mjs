// The archive that people get: made once by scripts/release.sh, then run, damaged and installed.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtFor, isForeign } from './builtFor.mjs';
import { ownPlatform, platformOf } from './platforms.mjs';

const run = promisify(execFile);
const ownRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const isRoot = process.getuid() === 0;
/** Packs a quarter of a gigabyte, which takes a while on a busy machine. */
const packMsMax = 300_000;

let folder, archive, debian;
beforeAll(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'rookery-archive-'));
  const options = ['--no-build', '--packages', 'checkout', '--version', '1.0.0', '--debian'];
  await run(join(ownRoot, 'scripts/release.sh'), [...options, '--out', folder]);
  archive = join(folder, 'rookery-server-1.0.0-linux-x64.tar.gz');
  debian = join(folder, 'rookery_1.0.0_amd64.deb');
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

  test('holds what this system runs, and nothing that is built for another', () => {
    const platform = platformOf(ownPlatform);
    const files = readdirSync(release, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const native = files.filter((file) => builtFor(readFileSync(file)) !== null);
    expect(native).toContain(join(release, 'bin/node'));
    expect(native.filter((file) => isForeign(readFileSync(file), platform))).toEqual([]);
    expect(native.filter((file) => file.endsWith('.bare'))).toEqual([]);
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
    expect(bad.stdout).toMatch(/^BAD +sodium-native +does not load/m);
    expect(bad.stdout).toContain('unpack the archive again');
  });
});

describe('install.sh --archive, into the root of a system', { timeout: packMsMax }, () => {
  const unit = 'etc/systemd/system/rookery.service';
  const settings = 'etc/rookery/rookery.toml';
  const message = 'var/lib/rookery/message';
  let root, newer;

  beforeAll(async () => {
    root = join(folder, 'root');
    mkdirSync(join(root, 'etc'), { recursive: true });
    // Only root gives files to others: anybody else installs where there are no users yet.
    if (isRoot) writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/bash\n');
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\n');
    // The next release, whose unit is another.
    newer = await unpack(join(folder, 'newer'));
    const about = join(newer, 'release.json');
    writeFileSync(about, readFileSync(about, 'utf8').replace('1.0.0', '1.1.0'));
    appendFileSync(join(newer, 'packaging/rookery.service'), '# Newer.\n');
  }, packMsMax);

  /** What is unpacked on the way goes into a folder of its own, which is empty afterwards. */
  const install = async (...options) => {
    const TMPDIR = join(folder, 'on the way');
    mkdirSync(TMPDIR, { recursive: true });
    const args = ['--root', root, ...options];
    const env = { ...process.env, TMPDIR };
    try {
      return await run(join(ownRoot, 'scripts/install.sh'), args, { env });
    } finally {
      expect(readdirSync(TMPDIR)).toEqual([]);
    }
  };
  const read = (path) => readFileSync(join(root, path), 'utf8');
  const current = () => basename(readlinkSync(join(root, 'opt/rookery/current')));
  const snapshot = () => ({
    versions: readdirSync(join(root, 'opt/rookery/versions')),
    ...{ current: current(), unit: read(unit), settings: read(settings) },
  });

  test('installs what runs, for a user of its own, and the same once more', async () => {
    const { stdout } = await install('--archive', archive);
    expect(stdout).toContain('Rookery is installed.');
    expect(current()).toBe('1.0.0');
    if (isRoot) {
      const [, user, group] = /^rookery:[^:]*:(\d+):(\d+):/m.exec(read('etc/passwd')) ?? [];
      expect(Number(user)).toBeGreaterThan(0);
      expect(statSync(join(root, settings))).toMatchObject({ uid: 0, gid: Number(group) });
    }
    expect(statSync(join(root, settings)).mode & 0o777).toBe(0o640);
    const wanted = 'etc/systemd/system/multi-user.target.wants/rookery.service';
    expect(readlinkSync(join(root, wanted))).toBe('/etc/systemd/system/rookery.service');
    const { stdout: version } = await run(join(root, 'opt/rookery/current/bin/rookery'), [
      '--version',
    ]);
    expect(version).toBe('1.0.0\n');
    await install('--archive', archive);
    expect(snapshot()).toMatchObject({ current: '1.0.0+2', versions: ['1.0.0', '1.0.0+2'] });
  });

  test('refuses what is damaged, or of another kind, and changes nothing', async () => {
    const before = snapshot();
    const cut = join(folder, 'cut.tar.gz');
    writeFileSync(cut, readFileSync(archive).subarray(0, 10_000_000));
    await expect(install('--archive', cut)).rejects.toThrow('it is damaged. Fetch it again.');
    const other = join(folder, 'other.tar.gz');
    await run('tar', ['-czf', other, '-C', ownRoot, 'packaging']);
    await expect(install('--archive', other)).rejects.toThrow('no release of the server');
    // Whole as an archive, and not what it was.
    const part = join(newer, 'node_modules/sodium-native/prebuilds/linux-x64/sodium-native.node');
    const whole = readFileSync(part);
    writeFileSync(part, whole.subarray(0, 10_000));
    const refused = await run(join(newer, 'scripts/install.sh'), ['--root', root]).catch(
      (error) => error,
    );
    writeFileSync(part, whole);
    expect(refused.stderr).toMatch(/^BAD +sodium-native[^]+Nothing was changed\.\n$/m);
    expect(snapshot()).toEqual(before);
  });

  test('brings it to a newer release with its unit, and keeps settings and data', async () => {
    const archived = join(folder, 'newer.tar.gz');
    // Fast, because how small it is is not the question.
    await run('tar', ['-I', 'gzip -1', '-cf', archived, '-C', folder, 'newer']);
    writeFileSync(join(root, settings), 'name = "Ours"\n');
    mkdirSync(join(root, dirname(message)), { recursive: true });
    writeFileSync(join(root, message), 'kept');
    await install('--archive', archived, '--acme');
    expect(snapshot()).toMatchObject({ current: '1.1.0', versions: ['1.0.0+2', '1.1.0'] });
    expect(read(unit)).toMatch(/# Newer\.\n$/);
    expect(read(settings)).toBe('name = "Ours"\n');
    expect(read(message)).toBe('kept');
    expect(read(`${unit}.d/acme.conf`)).toContain('AmbientCapabilities=CAP_NET_BIND_SERVICE\n');
  });

  test('goes without settings and data, and with them where that is said', async () => {
    await install('--uninstall');
    for (const path of ['opt/rookery', unit, `${unit}.d`, 'usr/local/bin/rookery']) {
      expect(existsSync(join(root, path)), path).toBe(false);
    }
    const left = readdirSync(join(root, 'etc/systemd'), { recursive: true });
    expect(left.filter((path) => path.includes('rookery'))).toEqual([]);
    expect(read(settings)).toBe('name = "Ours"\n');
    expect(read(message)).toBe('kept');
    await install('--uninstall', '--purge');
    for (const path of [settings, message]) expect(existsSync(join(root, path)), path).toBe(false);
    if (isRoot) expect(read('etc/passwd')).not.toContain('rookery');
  });
});

describe('the Debian package', () => {
  test('says what it is, and whose its files are', async () => {
    const format = '${Package} ${Version} ${Architecture}';
    const { stdout: said } = await run('dpkg-deb', ['--show', `--showformat=${format}`, debian]);
    expect(said).toBe('rookery 1.0.0 amd64');
    const { stdout } = await run('dpkg-deb', ['--contents', debian], { maxBuffer: 2 ** 26 });
    const lines = stdout.trim().split('\n');
    expect(lines.filter((line) => !line.includes(' root/root '))).toEqual([]);
    const modeOf = (path) => lines.find((line) => line.endsWith(` ./${path}`))?.slice(0, 10);
    expect(modeOf('etc/rookery/rookery.toml')).toBe('-rw-r-----');
    expect(modeOf('usr/bin/rookery')).toBe('-rwxr-xr-x');
    expect(modeOf('usr/share/doc/rookery/examples/acme.conf')).toBe('-rw-r--r--');
  });

  test('holds what its unit starts, and that runs', async () => {
    const root = join(folder, 'debian');
    await run('dpkg-deb', ['--extract', debian, root]);
    const unit = readFileSync(join(root, 'usr/lib/systemd/system/rookery.service'), 'utf8');
    const [, node, program] = /^ExecStart=(\S+) (\S+) server /m.exec(unit);
    const args = [join(root, program), 'doctor', '--native-only'];
    const { stdout } = await run(join(root, node), args, { env: bareEnvironment() });
    expect(stdout).toMatch(/^(good +\S+ +loads\.\n){5}$/);
  });
});
