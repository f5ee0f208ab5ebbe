import { createReadStream, mkdirSync } from 'node:fs';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { ServerError } from '../errors.js';
import { updateLimits, type UpdateLimits } from '../updateLimits.js';
import { TarEntries, TarRefusal, type TarPiece } from './tarEntries.js';

/** Files that are brought to the disk at the same time. */
const syncsAtOnce = 16;

/**
 * Unpacks the archive of a release into a folder that is not there yet, and returns when all of it
 * is on the disk. The one folder that an archive holds all in is left out. Modes are 755 and 644.
 *
 * @throws ServerError `releaseRefused` for an archive that holds what no release does; what was
 *   unpacked by then is there
 */
export async function unpackRelease(
  archive: string,
  folder: string,
  limits: UpdateLimits = updateLimits,
): Promise<void> {
  mkdirSync(folder, { mode: 0o755 });
  const writer = new ReleaseWriter(folder, limits);
  const entries = new TarEntries();
  const packed = createReadStream(archive);
  const unpacked = packed.pipe(createGunzip());
  packed.once('error', (error) => unpacked.destroy(error));
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      for (const piece of entries.push(chunk)) await writer.write(piece);
    }
    entries.end();
  } catch (cause) {
    if (!(cause instanceof TarRefusal || isOfZlib(cause))) throw cause;
    const why = cause instanceof TarRefusal ? cause.message : 'is damaged';
    const text = `The archive of the release ${why}. It is not used, and nothing was changed.`;
    throw new ServerError('releaseRefused', text, { cause });
  } finally {
    packed.destroy();
    await writer.close();
  }
  await syncTree(folder);
}

class ReleaseWriter {
  readonly #folder: string;
  readonly #limits: UpdateLimits;
  #top: string | null = null;
  #file: FileHandle | null = null;
  #fileCount = 0;
  #byteCount = 0;

  constructor(folder: string, limits: UpdateLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  async write(piece: TarPiece): Promise<void> {
    if (piece.kind === 'bytes') {
      this.#byteCount += piece.bytes.length;
      if (this.#byteCount > this.#limits.unpackedBytesMax) throw new TarRefusal('is too large');
      await this.#file?.write(piece.bytes);
      return;
    }
    await this.close();
    this.#fileCount += 1;
    if (this.#fileCount > this.#limits.filesMax) throw new TarRefusal('holds too many files');
    const path = this.#pathOf(piece.path);
    makeFolders(piece.kind === 'directory' ? path : dirname(path));
    if (piece.kind === 'directory') return;
    this.#file = await this.#create(path, piece.isExecutable ? 0o755 : 0o644);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  async #create(path: string, mode: number): Promise<FileHandle> {
    try {
      // What is there already is not written over: no path comes twice.
      const file = await open(path, 'wx', mode);
      await file.chmod(mode);
      return file;
    } catch (cause) {
      const isTwice = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
      throw isTwice ? new TarRefusal(`holds a path twice: ${JSON.stringify(path)}`) : cause;
    }
  }

  #pathOf(path: string): string {
    const [top = '', ...rest] = path.split('/');
    this.#top ??= top;
    if (top !== this.#top) throw new TarRefusal('holds more than one folder');
    return join(this.#folder, ...rest);
  }
}

function makeFolders(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw cause;
    throw new TarRefusal(`holds a file where a folder is to be: ${JSON.stringify(path)}`);
  }
}

function isOfZlib(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^Z_/.test(String(error.code));
}

/** Has all below a folder on the disk, names too. */
async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
  const waiting = [...paths, folder];
  const syncInTurn = async (): Promise<void> => {
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const file = await open(path, 'r');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    }
  };
  await Promise.all(Array.from({ length: syncsAtOnce }, syncInTurn));
}
