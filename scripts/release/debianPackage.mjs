// The server as a Debian package: the same folder, and what a service of systemd needs.
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { dirname, join } from 'node:path';
import { runQuietly } from '../processes.mjs';
import { ReleaseError } from './releaseError.mjs';

const home = '/usr/lib/rookery';
const settings = '/etc/rookery/rookery.toml';

/**
 * Packs the folder of a release. Needs `dpkg-deb`.
 *
 * @param {object} options
 * @param {string} options.root The checkout.
 * @param {string} options.tree The folder of the release.
 * @param {string} options.out Where the package goes.
 * @param {string} options.version
 * @param {number} options.seconds The time of all files.
 * @param {{ debian: string }} options.platform
 * @returns {Promise<string>} the file
 * @throws {ReleaseError}
 */
export async function makeDebianPackage({ root, tree, out, version, seconds, platform }) {
  const folder = `${tree}.debian`;
  const place = (path, mode, content) => put(join(folder, path), mode, content);
  const packaged = (name) => readFileSync(join(root, 'packaging', name), 'utf8');
  try {
    cpSync(tree, join(folder, home), { recursive: true });
    // It is apt that installs and updates here.
    rmSync(join(folder, home, 'scripts'), { recursive: true });
    rmSync(join(folder, home, 'packaging'), { recursive: true });
    const unit = packaged('rookery.service').replaceAll('@HOME@', home);
    place('/usr/lib/systemd/system/rookery.service', 0o644, unit);
    place('/usr/lib/sysctl.d/60-rookery.conf', 0o644, packaged('60-rookery.conf'));
    place(settings, 0o640, packaged('rookery.toml'));
    place('/usr/bin/rookery', 0o755, packaged('command.sh').replaceAll('@HOME@', home));
    place('/usr/share/doc/rookery/copyright', 0o644, packaged('debian/copyright'));
    place('/usr/share/doc/rookery/examples/acme.conf', 0o644, packaged('acme.conf'));
    place('/usr/share/doc/rookery/changelog.gz', 0o644, changelog(version, seconds));
    writeControl({ root, folder, version, platform });
    chmodFolders(folder);
    const file = join(out, `rookery_${debianVersion(version)}_${platform.debian}.deb`);
    const args = ['--root-owner-group', '-Zgzip', '--build', folder, file];
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(seconds) };
    const { code, output } = await runQuietly('dpkg-deb', args, { env });
    if (code !== 0) throw new ReleaseError(`dpkg-deb cannot pack the package.\n${output.trim()}`);
    return file;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What comes before a release is older than it. */
const debianVersion = (version) => version.replace('-', '~');

/** As Debian's policy wants it (section 12.7). What is new stands in another file, for all. */
function changelog(version, seconds) {
  const date = new Date(seconds * 1_000).toUTCString().replace('GMT', '+0000');
  const text = `rookery (${debianVersion(version)}) unstable; urgency=medium

  * What is new stands in ${home}/CHANGELOG.md.

 -- The Rookery project <rookery@localhost>  ${date}
`;
  return gzipSync(text, { level: 9 });
}

function writeControl({ root, folder, version, platform }) {
  const files = filesBelow(folder).filter((path) => path !== settings.slice(1));
  const bytes = files.map((path) => readFileSync(join(folder, path)));
  const sizeKib = Math.ceil(bytes.reduce((sum, { length }) => sum + length, 0) / 1_024);
  // dpkg wants MD5, as a check against damage and nothing else.
  const sums = files.map(
    (path, index) => `${createHash('md5').update(bytes[index]).digest('hex')}  ${path}\n`,
  );
  const control = readFileSync(join(root, 'packaging/debian/control'), 'utf8')
    .replaceAll('@VERSION@', debianVersion(version))
    .replaceAll('@ARCHITECTURE@', platform.debian)
    .replaceAll('@SIZE@', String(sizeKib));
  put(join(folder, 'DEBIAN/control'), 0o644, control);
  put(join(folder, 'DEBIAN/conffiles'), 0o644, `${settings}\n`);
  put(join(folder, 'DEBIAN/md5sums'), 0o644, sums.join(''));
  for (const script of ['postinst', 'prerm', 'postrm']) {
    const text = readFileSync(join(root, 'packaging/debian', script), 'utf8');
    put(join(folder, 'DEBIAN', script), 0o755, text);
  }
}

function put(path, mode, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
}

/** Whatever the umask of who packs is. */
function chmodFolders(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) chmodFolders(join(folder, entry.name));
  }
}

function filesBelow(folder, prefix = '') {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(folder, path) : [path];
    });
}
