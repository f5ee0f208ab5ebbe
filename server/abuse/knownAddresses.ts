/**
 * Addresses from which somebody has logged in, as `sourceKey` gives them: those of late, up to a
 * bounded number. While many want to come in, who comes from one of them waits in a line apart.
 */
export class KnownAddresses {
  readonly #entriesMax: number;
  /** The one that was seen longest ago comes first. */
  readonly #sources = new Set<string>();

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  has(source: string): boolean {
    return this.#sources.has(source);
  }

  note(source: string): void {
    this.#sources.delete(source);
    this.#sources.add(source);
    if (this.#sources.size <= this.#entriesMax) return;
    const [oldest] = this.#sources;
    this.#sources.delete(oldest!);
  }
}
