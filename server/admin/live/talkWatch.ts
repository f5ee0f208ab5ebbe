/** Packets of a session in one look, a second, above which it talks: pings are far fewer. */
const packetsMin = 8;

/**
 * Who talked since the last look, by how many voice packets each session has sent so far. Pure.
 */
export class TalkWatch {
  /** By token, as of the last look. */
  #before = new Map<number, number>();
  #talkers: readonly number[] = [];

  /** Tokens of those who talked between the last two looks. */
  get talkers(): readonly number[] {
    return this.#talkers;
  }

  /**
   * @param tokens of all sessions
   * @param packetsOf how many packets of a session were accepted so far
   */
  look(tokens: Iterable<number>, packetsOf: (token: number) => number): void {
    const now = new Map<number, number>();
    const talkers: number[] = [];
    for (const token of tokens) {
      const packets = packetsOf(token);
      now.set(token, packets);
      const before = this.#before.get(token);
      if (before !== undefined && packets - before >= packetsMin) talkers.push(token);
    }
    this.#before = now;
    this.#talkers = talkers;
  }
}
