/** What stands in an archive, piece by piece. */
export type TarPiece =
  /** A file begins; its bytes follow. */
  | { readonly kind: 'file'; readonly path: string; readonly isExecutable: boolean }
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

/** Why an archive is not taken. The message ends a sentence that begins with its name. */
export class TarRefusal extends Error {
  override readonly name = 'TarRefusal';
}

const blockBytes = 512;
/** A path is a line, and the attributes that we write hold nothing else. */
const attributesBytesMax = 4_096;
const pathBytesMax = 1_024;
const componentBytesMax = 255;

/**
 * Reads an archive in the ustar format (POSIX.1-1988) with paths of pax (POSIX.1-2001): plain files
 * and directories, nothing else. Links and devices are refused, and so is a path that leads
 * anywhere but below the folder that all is in. Pure: bytes go in, pieces come out.
 */
export class TarEntries {
  #buffered: Uint8Array = new Uint8Array(0);
  /** Of the entry that is read. */
  #bytesLeft = 0;
  #paddingLeft = 0;
  #longPath: string | null = null;
  #isReadingAttributes = false;
  #hasEnded = false;

  /** @throws TarRefusal */
  push(bytes: Uint8Array): TarPiece[] {
    this.#buffered = this.#buffered.length === 0 ? bytes : Buffer.concat([this.#buffered, bytes]);
    const pieces: TarPiece[] = [];
    while (this.#step(pieces));
    return pieces;
  }

  /** @throws TarRefusal where the archive is not whole */
  end(): void {
    if (!this.#hasEnded) throw new TarRefusal('is cut short');
  }

  /** @returns whether there is more to be done with what came */
  #step(pieces: TarPiece[]): boolean {
    if (this.#hasEnded) {
      this.#buffered = new Uint8Array(0);
      return false;
    }
    if (this.#isReadingAttributes) return this.#readAttributes();
    if (this.#bytesLeft > 0) {
      const bytes = this.#take(Math.min(this.#bytesLeft, this.#buffered.length));
      this.#bytesLeft -= bytes.length;
      if (bytes.length > 0) pieces.push({ kind: 'bytes', bytes });
      return bytes.length > 0;
    }
    if (this.#paddingLeft > 0) {
      const skipped = this.#take(Math.min(this.#paddingLeft, this.#buffered.length)).length;
      this.#paddingLeft -= skipped;
      return skipped > 0;
    }
    if (this.#buffered.length < blockBytes) return false;
    this.#readHeader(this.#take(blockBytes), pieces);
    return true;
  }

  #take(count: number): Uint8Array {
    const taken = this.#buffered.subarray(0, count);
    this.#buffered = this.#buffered.subarray(count);
    return taken;
  }

  #readHeader(header: Uint8Array, pieces: TarPiece[]): void {
    if (header.every((byte) => byte === 0)) {
      this.#hasEnded = true;
      return;
    }
    assertChecksum(header);
    const size = octalOf(header, 124, 12);
    this.#bytesLeft = size;
    this.#paddingLeft = -size & (blockBytes - 1);
    const type = String.fromCharCode(header[156]!);
    if (type === 'x') {
      if (size > attributesBytesMax) throw new TarRefusal('has attributes without measure');
      this.#isReadingAttributes = true;
      return;
    }
    const path = checkedPath(this.#longPath ?? pathOf(header));
    this.#longPath = null;
    if (type === '5') {
      if (size !== 0) throw new TarRefusal(`has a directory ${path} with bytes`);
      pieces.push({ kind: 'directory', path });
    } else if (type === '0' || type === '\0') {
      const isExecutable = (octalOf(header, 100, 8) & 0o111) !== 0;
      pieces.push({ kind: 'file', path, isExecutable });
    } else {
      const what = type === '1' || type === '2' ? 'a link' : 'something that is no file';
      throw new TarRefusal(`holds ${what}: ${path}`);
    }
  }

  #readAttributes(): boolean {
    const count = this.#bytesLeft + this.#paddingLeft;
    if (this.#buffered.length < count) return false;
    const text = Buffer.from(this.#take(count)).subarray(0, this.#bytesLeft).toString('utf8');
    // LENGTH path=PATH\n (pax, "extended header records"); we write no other.
    const [, path] = /^\d+ path=([^\n]+)\n$/.exec(text) ?? [];
    if (path === undefined) throw new TarRefusal('has attributes other than a path');
    this.#longPath = path;
    this.#isReadingAttributes = false;
    this.#bytesLeft = 0;
    this.#paddingLeft = 0;
    return true;
  }
}

/** The sum of all bytes, those of the sum itself taken for spaces. */
function assertChecksum(header: Uint8Array): void {
  let sum = 0;
  for (let at = 0; at < blockBytes; at++) sum += at >= 148 && at < 156 ? 0x20 : header[at]!;
  if (sum !== octalOf(header, 148, 8)) throw new TarRefusal('is damaged');
}

function octalOf(header: Uint8Array, from: number, length: number): number {
  const text = textOf(header, from, length).trim();
  if (!/^[0-7]{0,11}$/.test(text)) throw new TarRefusal('is damaged');
  return text === '' ? 0 : Number.parseInt(text, 8);
}

function textOf(header: Uint8Array, from: number, length: number): string {
  const field = header.subarray(from, from + length);
  const end = field.indexOf(0);
  return Buffer.from(end === -1 ? field : field.subarray(0, end)).toString('utf8');
}

function pathOf(header: Uint8Array): string {
  const [name, prefix] = [textOf(header, 0, 100), textOf(header, 345, 155)];
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** @returns the path without a slash at its end, if nothing else is wrong with it */
function checkedPath(given: string): string {
  const path = given.replace(/\/$/, '');
  const parts = path.split('/');
  const isPlain = (part: string): boolean =>
    part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= componentBytesMax;
  const isSound =
    Buffer.byteLength(path) <= pathBytesMax &&
    // Control characters, and what separates paths or begins a drive on Windows.
    !/[\p{Cc}\p{Cs}\\:\uFFFD]/u.test(path) &&
    parts.every(isPlain);
  if (!isSound) throw new TarRefusal(`holds a path that leads astray: ${JSON.stringify(given)}`);
  return path;
}
