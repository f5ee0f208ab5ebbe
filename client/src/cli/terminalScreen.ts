/** Up so many lines, to the first column, and everything below is gone (ECMA-48: CUU, ED). */
const wipe = (lines: number): string => (lines === 0 ? '' : `\x1b[${lines}A\r\x1b[J`);

/** Lines at the bottom of a terminal that are drawn in place, with other words above them. */
export class TerminalScreen {
  private drawn: readonly string[] = [];

  /** @param write to a terminal. */
  constructor(private readonly write: (text: string) => void) {}

  /** @param lines as wide as the terminal at most, without anything that commands it. */
  draw(lines: readonly string[]): void {
    if (lines.length === this.drawn.length && lines.every((line, at) => line === this.drawn[at])) {
      return;
    }
    this.write(wipe(this.drawn.length) + lines.map((line) => `${line}\n`).join(''));
    this.drawn = lines;
  }

  /** Has something else written above the lines. */
  above(tell: () => void): void {
    const lines = this.drawn;
    this.clear();
    tell();
    this.draw(lines);
  }

  /** Nothing of it stays. */
  clear(): void {
    this.write(wipe(this.drawn.length));
    this.drawn = [];
  }
}
