// What is packed and comes from npm: the locked packages of a platform, and its Node.
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { runQuietly } from '../processes.mjs';
import { ownPlatform } from './platforms.mjs';
import { ReleaseError } from './releaseError.mjs';

/**
 * Installs the locked packages of a platform, without those of developers, into a folder. npm
 * verifies each by the hash in the lock file; none runs a script.
 *
 * @param {string} root The checkout.
 * @param {string} folder is made
 * @param {{ os: string, cpu: string, libc: string }} platform
 * @throws {ReleaseError}
 */
export async function installPackages(root, folder, { os, cpu, libc }) {
  mkdirSync(folder, { recursive: true });
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const vendored = join('client', 'vendor');
  for (const path of ['package.json', 'package-lock.json', '.npmrc']) {
    copyFileSync(join(root, path), join(folder, path));
  }
  for (const workspace of workspaces) {
    mkdirSync(join(folder, workspace), { recursive: true });
    copyFileSync(join(root, workspace, 'package.json'), join(folder, workspace, 'package.json'));
  }
  cpSync(join(root, vendored), join(folder, vendored), { recursive: true });
  const options = ['--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  const target = [`--os=${os}`, `--cpu=${cpu}`, `--libc=${libc}`];
  await npm(['ci', ...options, ...target], folder);
}

/**
 * The Node of a platform, from the npm package of that name.
 *
 * @param {string} folder is made
 * @param {string} platformName
 * @param {string} version A version, or the beginning of one.
 * @returns {Promise<{ binary: string, version: string }>}
 * @throws {ReleaseError}
 */
export async function installNode(folder, platformName, version) {
  const name = `node-${platformName}`;
  mkdirSync(folder, { recursive: true });
  // npm would refuse a package of another platform; what is packed does not run here.
  await npm(['install', '--no-save', '--force', '--prefix', folder, `${name}@${version}`], folder);
  const found = join(folder, 'node_modules', name);
  const binary = join(found, 'bin', 'node');
  if (!existsSync(binary)) throw new ReleaseError(`The package ${name} holds no bin/node.`);
  return { binary, version: JSON.parse(readFileSync(join(found, 'package.json'), 'utf8')).version };
}

/** The Node that runs this. @throws {ReleaseError} for another platform */
export function runningNode(platformName) {
  if (platformName === ownPlatform) {
    return { binary: process.execPath, version: process.versions.node };
  }
  throw new ReleaseError(
    `This Node is of ${ownPlatform}: give --node VERSION for ${platformName}.`,
  );
}

async function npm(args, cwd) {
  const { code, output } = await runQuietly('npm', [...args, '--loglevel=error'], { cwd });
  if (code === 0) return;
  throw new ReleaseError(`npm ${args[0]} failed. Is its registry reachable?\n${output.trim()}`);
}

/** When the commit that is packed was made, seconds since 1970; `SOURCE_DATE_EPOCH` goes before. */
export function sourceSeconds(root) {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined && /^\d{1,11}$/.test(given)) return Number(given);
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return Number(execFileSync('git', ['log', '-1', '--format=%ct'], options));
  } catch {
    throw new ReleaseError(`${dirname(root)} is no checkout of git: set SOURCE_DATE_EPOCH.`);
  }
}
