// The folder that a server runs from by itself: Node, the built workspaces, locked packages.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { isForeign } from './builtFor.mjs';
import { neededPackages } from './lockedPackages.mjs';
import { ReleaseError } from './releaseError.mjs';

/** Workspaces whose programs `rookery` runs. */
const programs = ['server', 'client'];

/** What stands beside them, as in the checkout. */
const besides = [
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'SECURITY.md',
  'bin/rookery.mjs',
  'scripts/install.sh',
  'scripts/update.sh',
  'packaging/60-rookery.conf',
  'packaging/acme.conf',
  'packaging/command.sh',
  'packaging/rookery.service',
  'packaging/rookery.toml',
];

/**
 * Runs the program of this folder by the Node of this folder. Links to it are followed, and those
 * in its path kept: what was started by way of `current` is so again after an update.
 */
const launcher = `#!/bin/sh
file=$0
while [ -L "$file" ]; do
  to=$(readlink "$file")
  case $to in /*) file=$to ;; *) file=$(dirname "$file")/$to ;; esac
done
here=$(cd "$(dirname "$file")" && pwd)
exec "$here/node" "$here/rookery.mjs" "$@"
`;

/**
 * @typedef {object} TreeOptions
 * @property {string} root The checkout, built.
 * @property {string} modules Folder with the node_modules that the lock file says.
 * @property {string} node The node binary.
 * @property {string} version
 * @property {string} platformName
 * @property {import('./lockedPackages.mjs').Platform} platform
 * @property {number} schemaVersion Of the data.
 * @property {string | null} updateKey
 * @property {string | null} updateUrl
 */

/**
 * Makes the folder. It holds no links, so that it may be unpacked without following any:
 *
 *     bin/rookery  bin/node  bin/rookery.mjs      node_modules/…
 *     release.json                                node_modules/@rookery/{server,client,…}
 *
 * @param {string} folder is not there yet
 * @param {TreeOptions} options
 * @returns what was packed, for the bill of materials
 * @throws {ReleaseError}
 */
export function makeReleaseTree(folder, options) {
  const { root, modules, node, version, platform } = options;
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const needed = neededPackages(lock, programs, platform);
  mkdirSync(join(folder, 'bin'), { recursive: true });
  for (const path of besides) copyBeside(root, folder, path);
  for (const { path } of needed.packages) {
    const from = join(modules, path);
    if (!existsSync(from)) throw new ReleaseError(`${path} is locked, but not installed.`);
    const to = join(folder, placeOf(path, needed.workspaces));
    copyFolder(from, to, (inside) => isWorthOfPackage(from, inside, platform));
  }
  for (const { folder: workspace, name } of needed.workspaces) {
    copyWorkspace(root, workspace, join(folder, 'node_modules', name), version);
  }
  copyFileSync(node, join(folder, 'bin', 'node'));
  chmodSync(join(folder, 'bin', 'node'), 0o755);
  writeFileSync(join(folder, 'bin', 'rookery'), launcher, { mode: 0o755 });
  const { schemaVersion, updateKey, updateUrl, platformName } = options;
  const info = { version, platform: platformName, schemaVersion, updateKey, updateUrl };
  writeJson(join(folder, 'release.json'), info);
  writeJson(join(folder, 'package.json'), { ...ownPackage(root), version });
  return needed;
}

/** As much of the project's package.json as a server that runs may want to know. */
function ownPackage(root) {
  const { name, description, license, type, engines } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return { name, private: true, description, license, type, engines };
}

function copyBeside(root, folder, path) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  copyFileSync(join(root, path), join(folder, path));
  if (path.endsWith('.sh')) chmodSync(join(folder, path), 0o755);
}

/** Packages of one workspace alone move with it. */
function placeOf(path, workspaces) {
  const own = workspaces.find(({ folder }) => path.startsWith(`${folder}/node_modules/`));
  return own === undefined ? path : join('node_modules', own.name, path.slice(own.folder.length));
}

/** Types, maps, builds for Bare, and those for other systems are of no use where it runs. */
function isWorthOfPackage(from, path, platform) {
  const parts = path.split('/');
  if (parts[0] === 'node_modules') return false;
  if (/\.(map|d\.[cm]?ts|tsbuildinfo|bare)$/.test(path)) return false;
  const at = parts.indexOf('prebuilds');
  const prebuilt = `${platform.os}-${platform.cpu}`;
  if (at !== -1 && parts[at + 1]?.startsWith(prebuilt) === false) return false;
  const file = join(from, path);
  return !statSync(file).isFile() || !isForeign(readFileSync(file), platform);
}

function copyWorkspace(root, workspace, to, version) {
  copyFolder(join(root, workspace, 'dist'), join(to, 'dist'), (path) => isWorthOfOwn(path));
  const own = JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8'));
  const { name, license, type, exports } = own;
  writeJson(join(to, 'package.json'), { name, version, private: true, license, type, exports });
}

/** What tests, the window and the shells of a desktop are made of stays behind. */
function isWorthOfOwn(path) {
  const parts = path.split('/');
  if (['shell', 'renderer', 'examples', 'pictures', 'packages'].includes(parts[0])) return false;
  if (parts.includes('testing')) return false;
  return !/\.(map|d\.[cm]?ts|tsbuildinfo)$|\.test\.js$/.test(path);
}

/** @param {(path: string) => boolean} isWanted asked with forward slashes, from the folder on */
function copyFolder(from, to, isWanted) {
  cpSync(from, to, {
    recursive: true,
    dereference: true,
    filter: (source) => {
      const path = relative(from, source).split(sep).join('/');
      return path === '' || (basename(path) !== '.package-lock.json' && isWanted(path));
    },
  });
}

function writeJson(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
