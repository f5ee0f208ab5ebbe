// Brings a checkout to the state in which it runs: locked packages installed, sources compiled.
// Node and npm are all it needs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { withExclusiveLock } from './exclusiveLock.mjs';
import { runQuietly, SetUpError } from './processes.mjs';
import { removeStaleOutput } from './staleOutput.mjs';

/**
 * Installs and builds what is missing or stale; costs some milliseconds when nothing is.
 *
 * @param {string} root Folder of the checkout.
 * @throws {SetUpError} with what to do next.
 */
export async function setUp(root) {
  if (isInstalled(root) && isBuilt(root)) return;
  await alone(root, async () => {
    if (!isInstalled(root)) await install(root);
    if (!isBuilt(root)) await build(root);
  });
}

/**
 * Bundles the client's page, and what Electron runs, where it is missing or stale; what setUp()
 * does is done before.
 *
 * @param {string} root Folder of the checkout.
 * @throws {SetUpError} with what to do next.
 */
export async function setUpPage(root) {
  if (isPageBuilt(root)) return;
  await alone(root, async () => {
    if (!isPageBuilt(root)) await buildPage(root);
  });
}

function alone(root, work) {
  const tellWaiting = () =>
    process.stderr.write('Another command is setting this checkout up; waiting for it …\n');
  return withExclusiveLock(root, work, tellWaiting);
}

/* Marks of what was done are kept in node_modules, so that they vanish with it. */

function readMark(root, name) {
  const path = join(root, 'node_modules', '.rookery', name);
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function writeMark(root, name, text) {
  const path = join(root, 'node_modules', '.rookery', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const digest = (text) => createHash('sha256').update(text).digest('hex');

/**
 * What node_modules depends on beside the lock file. Not the version of Node: every native module
 * of ours either has a stable interface or brings a build for each version and chooses when loaded.
 */
const platform = `${process.platform}-${process.arch}`;

// --- packages

/** Whether node_modules holds what the lock file says, for this platform. */
function isInstalled(root) {
  const mark = readMark(root, 'installed');
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const wanted = `${digest(lock)} ${platform}`;
  if (mark === wanted) return true;
  const otherPlatform = mark !== null && mark.split(' ')[1] !== platform;
  const ownRecord = join(root, 'node_modules', '.package-lock.json');
  if (otherPlatform || !existsSync(ownRecord)) return false;
  // npm was run by hand: its own record tells whether the result is the same.
  if (!holdsLockedPackages(JSON.parse(lock), JSON.parse(readFileSync(ownRecord, 'utf8')))) {
    return false;
  }
  writeMark(root, 'installed', wanted);
  return true;
}

/**
 * Whether npm's record of node_modules agrees with the lock file.
 *
 * @param {{ packages: Record<string, object> }} lock package-lock.json
 * @param {{ packages: Record<string, object> }} record node_modules/.package-lock.json
 * @returns {boolean} Optional packages may be absent: most are for other platforms.
 */
export function holdsLockedPackages(lock, record) {
  const isPackage = ([path]) => path.startsWith('node_modules/');
  const same = (one, other) =>
    one?.version === other?.version && one?.integrity === other?.integrity;
  // A link to a folder of ours is optional where that folder is.
  const isOptional = ({ optional, resolved }) =>
    optional === true || lock.packages[resolved]?.optional === true;
  const wanted = Object.entries(lock.packages).filter(isPackage);
  const present = Object.entries(record.packages).filter(isPackage);
  return (
    wanted.every(([path, entry]) => {
      const found = record.packages[path];
      return found === undefined ? isOptional(entry) : same(entry, found);
    }) && present.every(([path]) => path in lock.packages)
  );
}

async function install(root) {
  // Nothing that we depend on needs its install script: the packages hold what we use of them, and
  // some would try to download or to compile it.
  const args = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
  ];
  await step('Installing the locked packages', async () => {
    const { code, output } = await runNpm(root, args);
    if (code === 0) return;
    const next = 'Is the npm registry reachable? Then try again, or see what `npm ci` says.';
    throw new SetUpError(`The packages could not be installed. ${next}`, output);
  });
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  writeMark(root, 'installed', `${digest(lock)} ${platform}`);
}

/** The npm that started us, else the one on the PATH. */
function runNpm(root, args) {
  const started = process.env.npm_execpath ?? '';
  if (basename(started) === 'npm-cli.js') {
    return runQuietly(process.execPath, [started, ...args], { cwd: root });
  }
  const windows = process.platform === 'win32';
  return runQuietly(windows ? 'npm.cmd' : 'npm', args, { cwd: root, shell: windows });
}

// --- compiling

function workspacesOf(root) {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).workspaces;
}

/** Names, sizes and times of everything that the compiler reads of ours. */
function sourceState(root) {
  const files = workspacesOf(root).flatMap((workspace) => [
    `${workspace}/tsconfig.json`,
    ...sourcesBelow(root, workspace),
  ]);
  return stateOf(root, ['tsconfig.json', 'tsconfig.base.json', 'package-lock.json', ...files]);
}

function stateOf(root, files) {
  const lines = files.map((path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    return `${path} ${size} ${mtimeMs}`;
  });
  return digest(lines.join('\n'));
}

function sourcesBelow(root, folder, endings = ['.ts']) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isFile()) return endings.some((ending) => path.endsWith(ending)) ? [path] : [];
    const skipped = !entry.isDirectory() || ['dist', 'node_modules'].includes(entry.name);
    return skipped ? [] : sourcesBelow(root, path, endings);
  });
}

function isBuilt(root) {
  const hasOutput = (workspace) =>
    existsSync(join(root, workspace, 'dist', '.tsbuildinfo')) ||
    sourcesBelow(root, workspace).length === 0;
  return workspacesOf(root).every(hasOutput) && readMark(root, 'built') === sourceState(root);
}

async function build(root) {
  await step('Compiling', async () => {
    const state = sourceState(root);
    for (const workspace of workspacesOf(root)) removeStaleOutput(join(root, workspace));
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { code, output } = await runQuietly(process.execPath, [compiler, '-b'], { cwd: root });
    if (code !== 0) {
      throw new SetUpError(
        'The sources do not compile. Correct what tsc says and run again.',
        output,
      );
    }
    writeMark(root, 'built', state);
  });
}

// --- the client's page

/** What builds them, and by which configuration. */
const pageBuilders = [
  ['vite/bin/vite.js', 'vite.config.mjs'],
  ['vite/bin/vite.js', 'vite.console.config.mjs'],
  ['electron-vite/bin/electron-vite.js', 'electron.vite.config.mjs'],
];

/** What page and shell are made of; the page takes in compiled modules of the client. */
function pageState(root) {
  const endings = ['.ts', '.vue', '.css', '.html', '.json'];
  const names = ['renderer', 'console', 'bridge', 'engine', 'host', 'keys', 'main', 'preload'];
  const folders = names.map((name) => `client/src/${name}`);
  const files = folders.flatMap((folder) => sourcesBelow(root, folder, endings));
  const configs = pageBuilders.map(([, config]) => `client/${config}`);
  return stateOf(root, [...configs, 'package-lock.json', ...files]);
}

function isPageBuilt(root) {
  const built = ['renderer', 'console'].map((page) => `${page}/index.html`);
  built.push('shell/main.js', 'shell/preload.cjs');
  const isThere = built.every((name) => existsSync(join(root, 'client', 'dist', name)));
  return isThere && readMark(root, 'page') === pageState(root);
}

async function buildPage(root) {
  await step("Building the client's page and the console", async () => {
    const state = pageState(root);
    for (const [builder, config] of pageBuilders) {
      const args = [join(root, 'node_modules', builder), 'build', '--config', config];
      const { code, output } = await runQuietly(process.execPath, [...args, '--logLevel', 'warn'], {
        cwd: join(root, 'client'),
        // Who runs tests has another, and what is built then would stay for everybody.
        env: { ...process.env, NODE_ENV: 'production' },
      });
      if (code !== 0) {
        throw new SetUpError("The client's page could not be built; correct what is said.", output);
      }
    }
    writeMark(root, 'page', state);
  });
}

/** Shows one progress line around a task; the task may return what to say instead of "done". */
async function step(title, task) {
  const began = performance.now();
  process.stderr.write(`${title} … `);
  try {
    const said = (await task()) ?? 'done';
    process.stderr.write(`${said} (${((performance.now() - began) / 1000).toFixed(0)} s)\n`);
  } catch (error) {
    process.stderr.write('failed\n');
    throw error;
  }
}
