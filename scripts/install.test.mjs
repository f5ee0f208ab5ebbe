import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const ownRoot = dirname(dirname(fileURLToPath(import.meta.url)));
const script = join(ownRoot, 'scripts/install.sh');
const unitPath = 'etc/systemd/system/rookery.service';
/** What `systemd-analyze security` calls OK ends at 4. */
const exposureMax = 2.0;
/** Copies the packages, which takes a while on a busy machine. */
const installMsMax = 240_000;

let root;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'rookery-install-'));
});
afterAll(() => rmSync(root, { recursive: true }));

const install = (...options) => run(script, ['--root', root, ...options]);
const read = (path) => readFileSync(join(root, path), 'utf8');
const versions = () => readdirSync(join(root, 'opt/rookery/versions'));
const linked = (name) => basename(readlinkSync(join(root, 'opt/rookery', name)));

/** The machine's own units are what it depends on, so what it starts is looked for there, too. */
async function verifyUnit() {
  const unit = join(root, 'rookery.service');
  writeFileSync(unit, read(unitPath).replaceAll('/opt/rookery', join(root, 'opt/rookery')));
  const verified = await run('systemd-analyze', ['verify', unit]);
  expect(`${verified.stdout}${verified.stderr}`).not.toContain('rookery.service');
}

/** How much the unit may do, with what stands beside it; 0 to 10. */
async function exposure() {
  const args = ['security', '--offline=true', `--root=${root}`, 'rookery.service'];
  const { stdout } = await run('systemd-analyze', args);
  return Number(/Overall exposure level.*: ([\d.]+)/.exec(stdout)?.[1]);
}

test('scripts are as ShellCheck wants them', async () => {
  const scripts = readdirSync(join(ownRoot, 'scripts')).filter((name) => name.endsWith('.sh'));
  const packaged = ['command.sh', 'debian/postinst', 'debian/prerm', 'debian/postrm'];
  const paths = [
    '.ci/run',
    ...scripts.map((name) => `scripts/${name}`),
    ...packaged.map((name) => `packaging/${name}`),
  ];
  const { stdout } = await run('shellcheck', paths, { cwd: ownRoot }).catch((error) => error);
  expect(stdout).toBe('');
});

test('says what is wrong with its options', async () => {
  await expect(run(script, ['--purge'])).rejects.toThrow('--purge goes with --uninstall');
  await expect(run(script, ['--uninstall', '--acme'])).rejects.toThrow('--acme does not go with');
  await expect(run(script, ['--root', '/nowhere/at/all'])).rejects.toThrow('that exists');
  await expect(run(script, ['--rot'])).rejects.toThrow('--rot is unknown');
  await expect(run(script, ['--archive', '/nowhere'])).rejects.toThrow('that exists');
});

test('a dry run says what it would do, and does none of it', async () => {
  const { stdout } = await install('--dry-run');
  expect(stdout).toContain(`would write: /${unitPath}`);
  expect(readdirSync(root)).toEqual([]);
});

describe('an installation', () => {
  beforeAll(async () => {
    // As tests in a browser leave them.
    mkdirSync(join(ownRoot, 'client/dist/pictures'), { recursive: true });
    await install();
  }, installMsMax);

  test('has a unit that systemd understands and that may do little', async () => {
    await verifyUnit();
    expect(await exposure()).toBeLessThanOrEqual(exposureMax);
  });

  test('may have low ports for ACME where that is asked for, and little more', async () => {
    const bare = await exposure();
    for (const beside of [`${unitPath}.d`, 'rookery.service.d']) {
      cpSync(join(ownRoot, 'packaging/acme.conf'), join(root, beside, 'acme.conf'));
    }
    await verifyUnit();
    const own = await exposure();
    rmSync(join(root, `${unitPath}.d`), { recursive: true });
    rmSync(join(root, 'rookery.service.d'), { recursive: true });
    expect(own).toBeLessThanOrEqual(exposureMax);
    expect(own).toBeGreaterThan(bare);
  });

  test('runs from where it stands, without what is for developers', async () => {
    const current = join(root, 'opt/rookery/current');
    expect(existsSync(join(current, 'node_modules/vitest'))).toBe(false);
    const client = join(current, 'node_modules/@rookery/client');
    expect(existsSync(join(client, 'dist/src/cli/main.js'))).toBe(true);
    expect(existsSync(join(client, 'dist/pictures'))).toBe(false);
    const ports = ['--port', '0', '--voice-port', '0', '--admin-port', '0', '--host', '127.0.0.1'];
    const args = [join(current, 'bin/rookery.mjs'), 'server', '--data', join(root, 'data')];
    const server = spawn(join(current, 'bin/node'), [...args, ...ports], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(server, 'exit');
    for await (const line of createInterface({ input: server.stdout })) {
      if (/Stop +Ctrl-C/.test(line)) server.kill('SIGTERM');
    }
    expect(await exited).toEqual([0, null]);
  }, 30_000);

  test(
    'is brought to another version with its settings kept, and the one before',
    async () => {
      const [before] = versions();
      writeFileSync(join(root, 'etc/rookery/rookery.toml'), 'name = "Ours"\n');
      const release = join(root, 'release');
      cpSync(join(root, 'opt/rookery/versions', before), release, { recursive: true });
      // What was unpacked installs itself.
      for (let times = 0; times < 2; times++) {
        const last = linked('current');
        await run(join(release, 'scripts/install.sh'), ['--root', root]);
        expect(versions()).toHaveLength(2);
        expect(linked('previous')).toBe(last);
      }
      expect(versions()).not.toContain(before);
      expect(read('etc/rookery/rookery.toml')).toBe('name = "Ours"\n');
    },
    installMsMax,
  );

  test('goes without what it kept, and with it where that is said', async () => {
    writeFileSync(join(root, 'etc/rookery/kept'), '');
    await install('--uninstall');
    expect(existsSync(join(root, unitPath))).toBe(false);
    expect(existsSync(join(root, 'opt/rookery'))).toBe(false);
    expect(existsSync(join(root, 'etc/rookery/kept'))).toBe(true);
    await install('--uninstall', '--purge');
    expect(existsSync(join(root, 'etc/rookery'))).toBe(false);
    await install('--uninstall');
  });
});
