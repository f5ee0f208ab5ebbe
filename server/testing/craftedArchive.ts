import { gzipSync } from 'node:zlib';

/** An entry of an archive as somebody hostile would write it: nothing of it is checked. */
export interface CraftedEntry {
  readonly path: string;
  /** Of ustar: 0 file, 1 hard link, 2 link, 3 device, 5 folder, x attributes. */
  readonly type?: string;
  readonly content?: string | Uint8Array;
  readonly mode?: number;
  readonly linkTo?: string;
}

const blockBytes = 512;

/** @returns an archive (`.tar`) of these, whole */
export function craftTar(entries: readonly CraftedEntry[]): Buffer {
  const end = Buffer.alloc(2 * blockBytes);
  return Buffer.concat([...entries.flatMap(blocksOf), end]);
}

/** @returns the same as `.tar.gz` */
export function craftArchive(entries: readonly CraftedEntry[]): Buffer<ArrayBuffer> {
  return gzipSync(craftTar(entries), { level: 1 });
}

function blocksOf(entry: CraftedEntry): Buffer[] {
  const { path, type = '0', content = '', mode = 0o644, linkTo = '' } = entry;
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(blockBytes);
  const octal = (value: number, at: number, length: number): void => {
    header.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1');
  };
  header.write(path, 0);
  octal(mode, 100, 8);
  octal(bytes.length, 124, 12);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(linkTo, 157);
  header.write('ustar\u000000', 257);
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return [header, bytes, Buffer.alloc(-bytes.length & (blockBytes - 1))];
}
