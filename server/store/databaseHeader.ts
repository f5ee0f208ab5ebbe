import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Of LMDB: `struct MDB_meta` behind a page header of 24 bytes (mdb.c of lmdb 3.5). */
const offsets = { magic: 24, version: 28, pageBytes: 48, lastPage: 144, commit: 152 } as const;
const headerBytes = 160;
const magic = 0xbeefc0de;
const dataVersion = 2;

/**
 * Looks at the first two pages of a database, because LMDB's binding ends the process where they
 * are not what they should be. A file that is absent or empty is no fault: LMDB makes it.
 *
 * @param path directory of `data.mdb`
 * @throws Error that says what is wrong
 */
export function checkDatabaseHeader(path: string): void {
  const file = join(path, 'data.mdb');
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  const descriptor = openSync(file, 'r');
  try {
    const pageBytes = checkMeta(descriptor, 0);
    if (pageBytes < 256 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0) {
      throw new Error(`${file} has pages of ${pageBytes} bytes`);
    }
    checkMeta(descriptor, pageBytes);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Whether a database is shorter than it says. It may be so and be whole: pages at its end that were
 * given back are never written.
 *
 * @param path directory of a `data.mdb` that checkDatabaseHeader() has passed
 */
export function isShorterThanSaid(path: string): boolean {
  const file = join(path, 'data.mdb');
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return false;
  const descriptor = openSync(file, 'r');
  try {
    const first = readHeader(descriptor, 0);
    const pageBytes = first.readUInt32LE(offsets.pageBytes);
    const second = readHeader(descriptor, pageBytes);
    const isFirst = first.readBigUInt64LE(offsets.commit) > second.readBigUInt64LE(offsets.commit);
    const lastPage = (isFirst ? first : second).readBigUInt64LE(offsets.lastPage);
    return BigInt(size) < (lastPage + 1n) * BigInt(pageBytes);
  } finally {
    closeSync(descriptor);
  }
}

/** @returns the size of a page by its own account */
function checkMeta(descriptor: number, offset: number): number {
  const header = readHeader(descriptor, offset);
  if (header.readUInt32LE(offsets.magic) !== magic) throw new Error('data.mdb is no LMDB file');
  const version = header.readUInt32LE(offsets.version);
  if (version !== dataVersion) {
    throw new Error(`data.mdb has the format ${version}, not ${dataVersion}`);
  }
  return header.readUInt32LE(offsets.pageBytes);
}

function readHeader(descriptor: number, offset: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  if (readSync(descriptor, header, 0, headerBytes, offset) < headerBytes) {
    throw new Error('data.mdb ends within its header');
  }
  return header;
}
