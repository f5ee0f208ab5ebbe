// Makes a release of the server. See `usage`.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runInForeground } from '../processes.mjs';
import { billOfMaterials } from './billOfMaterials.mjs';
import { clientOf, writeClientInfo } from './clientRelease.mjs';
import { makeDebianPackage } from './debianPackage.mjs';
import { missingParts } from './lockedPackages.mjs';
import { renewManifest, validDaysOf, validDaysUsual, writeManifest } from './manifest.mjs';
import { ownPlatform, platformOf } from './platforms.mjs';
import { installNode, installPackages, runningNode, sourceSeconds } from './productionPackages.mjs';
import { ReleaseError } from './releaseError.mjs';
import { makeReleaseKey, publicKeyOf, readReleaseKey } from './releaseKey.mjs';
import { makeReleaseTree } from './releaseTree.mjs';
import { packFolder } from './tarball.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const usage = `usage: scripts/release.sh [options]

Makes a release of the server in a folder: for each platform an archive to unpack and run, and its
software bill of materials (CycloneDX); with --key also manifest.json and its signature, by which
\`rookery update\` finds and trusts it. Upload all of it to one place, such as a GitHub release.

  --out DIR             where to (dist/release)
  --key FILE            private key to sign with; its public half is built in
  --make-key FILE       only make a pair: private key to FILE, public key to the terminal
  --url URL             folder where \`rookery update\` will look for releases; built in
  --platform NAME       linux-x64; again for more (this machine's)
  --node VERSION        Node from npm, such as 22 (the one that runs this)
  --debian              also a Debian package for each platform
  --notes FILE          what is new, Markdown
  --min-previous V      earlier versions cannot be updated to this one at once
  --valid-days N        days until servers take the release no more (${validDaysUsual})
  --renew DIR           only sign the manifest of that folder once more, with --key, from now on
  --version V           instead of the one in package.json
  --client-page URL     page where people get the client of this release: earlier ones tell of it
  --client-file P=FILE  a package of the client, such as linux-x64=Rookery.AppImage; again for more
  --client-notes FILE   what is new in the client, Markdown
  --client-info         only write client/release.json: clients packed after it look at --url
  --tree DIR            only make the folder that an archive would hold
  --pack DIR            only pack a folder that --tree made; its bill of materials is not made anew
  --packages checkout   take the packages of this checkout, instead of npm ci from the lock file
  --no-build            it is built already
`;

const optionTypes = {
  ...Object.fromEntries(
    [
      'out',
      'key',
      'make-key',
      'url',
      'node',
      'notes',
      'min-previous',
      'valid-days',
      'renew',
      'version',
      'tree',
      'pack',
      'client-page',
      'client-notes',
    ].map((name) => [name, { type: 'string' }]),
  ),
  platform: { type: 'string', multiple: true },
  'client-file': { type: 'string', multiple: true, default: [] },
  'client-info': { type: 'boolean', default: false },
  packages: { type: 'string', default: 'locked' },
  debian: { type: 'boolean', default: false },
  'no-build': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

process.exitCode = await main(process.argv.slice(2));

async function main(argv) {
  try {
    const { values } = parseArgs({ args: argv, options: optionTypes });
    if (values.help) process.stdout.write(usage);
    else if (values['make-key'] !== undefined) tellKey(makeReleaseKey(values['make-key']));
    else if (values.renew !== undefined) await renew(values);
    else if (values['client-info']) writeClientInfo(root, aboutOf(values));
    else if (values.pack !== undefined) await packTree(resolve(values.pack), values);
    else await release(values);
    return 0;
  } catch (error) {
    const isUsage = String(error.code).startsWith('ERR_PARSE_ARGS');
    if (!isUsage && !(error instanceof ReleaseError)) throw error;
    process.stderr.write(`release: ${error.message}\n${isUsage ? usage : ''}`);
    return isUsage ? 2 : 1;
  }
}

function tellKey(publicKey) {
  process.stdout.write(
    `Keep the private key secret and backed up. The public key:\n${publicKey}\n`,
  );
}

async function renew({ renew: folder, key, 'valid-days': days }) {
  if (key === undefined) throw new ReleaseError('--renew signs, so it takes --key.');
  const { version, expires } = await renewManifest(
    resolve(folder),
    validDaysOf(days),
    readReleaseKey(key),
  );
  say(`The manifest of ${version} is good until ${expires}. Upload it with its signature.`);
}

async function release(values) {
  // What is wrong is said before anything is built.
  validDaysOf(values['valid-days']);
  const key = values.key === undefined ? null : readReleaseKey(values.key);
  const names = values.platform ?? [ownPlatform];
  const platforms = names.map((name) => ({ name, platform: platformOf(name) }));
  for (const each of platforms) assertParts(each);
  if (!values['no-build']) await build();
  const { schemaVersion } = await import('../../server/dist/store/tables.js');
  const seconds = sourceSeconds(root);
  const date = new Date(seconds * 1_000).toISOString();
  const about = { ...aboutOf(values), schemaVersion, seconds, date };
  const scratch = mkdtempSync(join(tmpdir(), 'rookery-release-'));
  try {
    if (values.tree !== undefined) {
      const parts = await partsOf(platforms[0], values, scratch);
      makeTree(resolve(values.tree), about, platforms[0], parts);
      return;
    }
    const out = resolve(values.out ?? join(root, 'dist', 'release'));
    mkdirSync(out, { recursive: true });
    const client = clientOf(values, about.version, out);
    const files = [];
    for (const each of platforms)
      files.push(...(await pack(each, about, values, { scratch, out })));
    if (key === null) say('No manifest was written: that takes --key.');
    else await writeManifest(out, manifestOf(about, values, files, client), key);
    say(`Release ${about.version} is in ${out}.`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Before anything is fetched. */
function assertParts({ name, platform }) {
  const missing = missingParts(readJson('package-lock.json'), platform);
  if (missing.length === 0) return;
  const parts = missing.join(' and ');
  throw new ReleaseError(`No server starts on ${name}: npm has no ${parts} (docs/updates.md).`);
}

async function packTree(folder, values) {
  const key = values.key === undefined ? null : readReleaseKey(values.key);
  const info = JSON.parse(readFileSync(join(folder, 'release.json'), 'utf8'));
  const { version, platform, schemaVersion } = info;
  const seconds = sourceSeconds(root);
  const out = resolve(values.out ?? join(root, 'dist', 'release'));
  mkdirSync(out, { recursive: true });
  const title = `rookery-server-${version}-${platform}`;
  const archive = join(out, `${title}.tar.gz`);
  await packFolder(folder, title, archive, seconds);
  if (key === null) return;
  const date = new Date(seconds * 1_000).toISOString();
  const files = [{ kind: 'server', platform, file: archive }];
  const client = clientOf(values, version, out);
  await writeManifest(
    out,
    manifestOf({ version, date, schemaVersion }, values, files, client),
    key,
  );
}

async function build() {
  const code = await runInForeground(process.execPath, ['scripts/run.mjs', 'build'], { cwd: root });
  if (code !== 0) throw new ReleaseError('The checkout does not build.');
}

/** Folder with node_modules, and Node. */
async function partsOf({ name, platform }, { packages, node }, scratch) {
  if (!['locked', 'checkout'].includes(packages)) {
    throw new ReleaseError('--packages is locked or checkout.');
  }
  const modules = packages === 'checkout' ? root : join(scratch, `packages ${name}`);
  if (packages === 'locked') {
    say(`Installing the locked packages for ${name} …`);
    await installPackages(root, modules, platform);
  }
  const nodeFolder = join(scratch, `node ${name}`);
  const found = node === undefined ? runningNode(name) : await installNode(nodeFolder, name, node);
  return { modules, node: found };
}

function makeTree(folder, about, { name, platform }, { modules, node }) {
  const options = { root, modules, node: node.binary, platformName: name, platform };
  return makeReleaseTree(folder, { ...options, ...about });
}

/** @returns the files that were written, for the manifest */
async function pack(each, about, { packages, node, debian }, { scratch, out }) {
  const { name } = each;
  const { version, date, seconds } = about;
  const parts = await partsOf(each, { packages, node }, scratch);
  const title = `rookery-server-${version}-${name}`;
  const folder = join(scratch, title);
  say(`Packing ${title} …`);
  const needed = makeTree(folder, about, each, parts);
  const bill = billOfMaterials({
    ...{ version, platformName: name, date, needed, modules: parts.modules },
    nodeVersion: parts.node.version,
  });
  const billText = `${JSON.stringify(bill, null, 2)}\n`;
  writeFileSync(join(folder, 'sbom.cdx.json'), billText);
  const billFile = join(out, `${title}.cdx.json`);
  writeFileSync(billFile, billText);
  const archive = join(out, `${title}.tar.gz`);
  await packFolder(folder, title, archive, seconds);
  const files = [
    { kind: 'server', platform: name, file: archive },
    { kind: 'sbom', platform: name, file: billFile },
  ];
  if (debian) {
    say(`Packing the Debian package for ${name} …`);
    const made = await makeDebianPackage({ root, tree: folder, out, version, seconds, ...each });
    files.push({ kind: 'debian', platform: name, file: made });
  }
  return files;
}

/** What a release is, and who publishes it. */
function aboutOf({ version, key, url }) {
  return {
    version: version ?? readJson('package.json').version,
    updateKey: key === undefined ? null : publicKeyOf(readReleaseKey(key)),
    updateUrl: url ?? null,
  };
}

function manifestOf({ version, date, schemaVersion }, values, files, client) {
  const notes = values.notes === undefined ? '' : readFileSync(values.notes, 'utf8');
  const minPreviousVersion = values['min-previous'] ?? null;
  const validDays = validDaysOf(values['valid-days']);
  return { version, minPreviousVersion, date, validDays, schemaVersion, notes, files, client };
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
