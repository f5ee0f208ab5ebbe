/**
 * Judges from one look after another whether somebody stands still. Looks are counted, not time: a
 * process that was stopped as a whole, or a machine that slept, has missed no look. Pure.
 */
export class Stillness {
  readonly #looksMax: number;
  #beats: number;
  #looksWithoutBeat = 0;

  /** @param beats as they are at the start */
  constructor(beats: number, lookIntervalMs: number, stuckMsMax: number) {
    this.#beats = beats;
    this.#looksMax = Math.ceil(stuckMsMax / lookIntervalMs);
  }

  /** @returns whether there was no beat for too many looks */
  look(beats: number): boolean {
    this.#looksWithoutBeat = beats === this.#beats ? this.#looksWithoutBeat + 1 : 0;
    this.#beats = beats;
    return this.#looksWithoutBeat > this.#looksMax;
  }
}
