import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readReleaseInfo, type ReleaseInfo } from '@rookery/schemas/release/releaseInfo';
import { ServerError } from '../errors.js';
import { syncDirectory } from '../store/durableFile.js';

const versionsFolder = 'versions';

/**
 * Where the versions of an installation stand:
 *
 *     versions/0.1.0/   versions/0.2.0/   each a whole release
 *     current  → versions/0.2.0           what runs; exchanged by one rename
 *     previous → versions/0.1.0           what ran before, to go back to
 *     judge    → versions/0.1.0           while an update is unjudged: what ran before
 *     update/                             journal and download of an update
 *
 * Names of versions are those of their folders.
 */
export class Installation {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Journal, lock and downloads. */
  get workFolder(): string {
    return join(this.root, 'update');
  }

  /** What runs, or would. @throws ServerError `notUpdatable` */
  get current(): string {
    const name = this.#linked('current');
    if (name !== null) return name;
    throw notUpdatable(`${join(this.root, 'current')} leads to no version`);
  }

  /** null: there is none to go back to. */
  get previous(): string | null {
    return this.#linked('previous');
  }

  folderOf(name: string): string {
    return join(this.root, versionsFolder, name);
  }

  /** @throws ServerError `notUpdatable` where it is no whole release */
  infoOf(name: string): ReleaseInfo {
    const info = readReleaseInfo(this.folderOf(name));
    if (info !== null) return info;
    throw notUpdatable(`${this.folderOf(name)} holds no release`);
  }

  has(name: string): boolean {
    return existsSync(this.folderOf(name));
  }

  /** The folder that a version is unpacked into, before it has its name. It is not there. */
  freshFolder(name: string): string {
    mkdirSync(join(this.root, versionsFolder), { recursive: true, mode: 0o755 });
    const folder = this.#unfinished(name);
    rmSync(folder, { recursive: true, force: true });
    return folder;
  }

  /** Gives what was unpacked its name. */
  name(name: string): void {
    renameSync(this.#unfinished(name), this.folderOf(name));
    syncDirectory(join(this.root, versionsFolder));
  }

  /** One rename: at every moment the link leads to a whole version. */
  point(link: 'current' | 'previous' | 'judge', name: string): void {
    const path = join(this.root, link);
    rmSync(`${path}.new`, { force: true });
    symlinkSync(join(versionsFolder, name), `${path}.new`);
    renameSync(`${path}.new`, path);
    syncDirectory(this.root);
  }

  unpoint(link: 'judge'): void {
    rmSync(join(this.root, link), { force: true });
    syncDirectory(this.root);
  }

  /** Takes away what was unpacked of a version, unless it runs or ran before. */
  remove(name: string): void {
    rmSync(this.#unfinished(name), { recursive: true, force: true });
    if (name === this.current || name === this.previous) return;
    rmSync(this.folderOf(name), { recursive: true, force: true });
  }

  /** Takes away all versions but the current one and the one before. */
  removeOld(): void {
    for (const name of readdirSync(join(this.root, versionsFolder))) this.remove(name);
  }

  #unfinished(name: string): string {
    return `${this.folderOf(name)}.unfinished`;
  }

  #linked(link: string): string | null {
    const path = join(this.root, link);
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return null;
    const target = readlinkSync(path);
    const name = basename(target);
    return target === join(versionsFolder, name) && this.has(name) ? name : null;
  }
}

/**
 * @param release folder of the release that runs, without links in it
 * @returns the installation that it is of; null where it was not installed so
 */
export function installationOf(release: string): Installation | null {
  const versions = dirname(release);
  const installation = new Installation(dirname(versions));
  const isInstalled =
    basename(versions) === versionsFolder && existsSync(join(installation.root, 'current'));
  return isInstalled ? installation : null;
}

/** @param why begins with the path that is not as it should be */
export function notUpdatable(why: string): ServerError {
  const text = `${why}. Install it once more by scripts/install.sh, which leaves the data alone.`;
  return new ServerError('notUpdatable', text);
}
