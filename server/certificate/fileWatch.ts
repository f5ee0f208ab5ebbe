import { statSync } from 'node:fs';

/**
 * Looks at files now and then, and tells once they have changed and then stayed as they are for one
 * more look: whoever renews a certificate writes two files, one after the other. It looks, and does
 * not listen, because tools replace files, folders and links in ways that are not all told of. Main
 * thread; a look takes some microseconds.
 */
export class FileWatch {
  readonly #paths: readonly string[];
  readonly #onChange: () => void;
  readonly #timer: NodeJS.Timeout;
  /** As they were when it told last, or at first. */
  #told: string;
  /** As they were at the look before. */
  #seen: string;

  constructor(paths: readonly string[], lookMs: number, onChange: () => void) {
    this.#paths = paths;
    this.#onChange = onChange;
    this.#told = this.#stamp();
    this.#seen = this.#told;
    this.#timer = setInterval(() => this.look(), lookMs);
    this.#timer.unref();
  }

  /** One look. */
  look(): void {
    const now = this.#stamp();
    const isQuiet = now === this.#seen;
    this.#seen = now;
    if (!isQuiet || now === this.#told) return;
    this.#told = now;
    this.#onChange();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** What changes with the content, also where a file is replaced by another one. */
  #stamp(): string {
    return this.#paths.map(stampOf).join('|');
  }
}

/** One that cannot be looked at is told of, too: whoever reads it finds out why. */
function stampOf(path: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(path, { bigint: true });
    return `${ino}:${size}:${mtimeNs}`;
  } catch {
    return 'unreadable';
  }
}
