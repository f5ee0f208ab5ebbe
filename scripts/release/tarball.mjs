// Archives that are the same bytes for the same files: sorted, of one time, of nobody.
import { createWriteStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { ReleaseError } from './releaseError.mjs';

const blockBytes = 512;

/**
 * Packs a folder as `.tar.gz`: ustar (POSIX.1-1988), longer paths as pax (POSIX.1-2001). Only files
 * and folders; nothing else may be there.
 *
 * @param {string} folder
 * @param {string} top The name of the folder in the archive.
 * @param {string} archive The file to write.
 * @param {number} seconds The time of all that is in it, since 1970.
 */
export async function packFolder(folder, top, archive, seconds) {
  const pieces = piecesOf(folder, top, seconds);
  await pipeline(Readable.from(pieces), createGzip({ level: 6 }), createWriteStream(archive));
}

function* piecesOf(folder, top, seconds) {
  for (const path of ['', ...pathsBelow(folder)]) {
    const source = join(folder, path);
    const stat = statSync(source);
    const name = path === '' ? top : `${top}/${path}`;
    if (stat.isDirectory()) {
      yield* header({ path: `${name}/`, type: '5', mode: 0o755, bytes: 0, seconds });
      continue;
    }
    const bytes = readFileSync(source);
    const mode = (stat.mode & 0o100) === 0 ? 0o644 : 0o755;
    yield* header({ path: name, type: '0', mode, bytes: bytes.length, seconds });
    yield bytes;
    yield Buffer.alloc(-bytes.length & (blockBytes - 1));
  }
  yield Buffer.alloc(2 * blockBytes);
}

/** In an order that does not depend on the language of whoever packs. */
function pathsBelow(folder, prefix = '') {
  const entries = readdirSync(join(folder, prefix), { withFileTypes: true });
  const sorted = entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  return sorted.flatMap((entry) => {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) return [path, ...pathsBelow(folder, path)];
    if (entry.isFile()) return [path];
    throw new ReleaseError(`${path} is neither a file nor a folder, and cannot be packed.`);
  });
}

function* header({ path, type, mode, bytes, seconds }) {
  const split = splitPath(path);
  if (split === null) {
    const attributes = Buffer.from(paxRecord('path', path));
    yield block({ name: 'pax', prefix: '', type: 'x', mode, bytes: attributes.length, seconds });
    yield attributes;
    yield Buffer.alloc(-attributes.length & (blockBytes - 1));
  }
  const { name, prefix } = split ?? { name: 'long', prefix: '' };
  yield block({ name, prefix, type, mode, bytes, seconds });
}

/** Name of at most 100 bytes, prefix of at most 155; null where no slash parts the path so. */
function splitPath(path) {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' };
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    const fits = Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100;
    if (fits && name !== '') return { name, prefix };
  }
  return null;
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function paxRecord(key, value) {
  const rest = ` ${key}=${value}\n`;
  const restBytes = Buffer.byteLength(rest);
  let length = restBytes + String(restBytes).length;
  length = restBytes + String(length).length;
  return `${length}${rest}`;
}

function block({ name, prefix, type, mode, bytes, seconds }) {
  const header = Buffer.alloc(blockBytes);
  const octal = (value, at, length) =>
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  header.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(bytes, 124, 12);
  octal(seconds, 136, 12);
  header.write('        ', 148);
  header.write(type, 156);
  header.write('ustar\u000000', 257);
  header.write(prefix, 345);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
