/** A text with what is chosen in it, as places in UTF-16. */
export interface EditedText {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Puts a mark of Markdown around what is chosen, or takes it away where it is there. */
export function toggleMark({ text, start, end }: EditedText, mark: string): EditedText {
  const [before, chosen, after] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  const { length } = mark;
  if (before.endsWith(mark) && after.startsWith(mark)) {
    const bare = before.slice(0, -length) + chosen + after.slice(length);
    return { text: bare, start: start - length, end: end - length };
  }
  const marked = before + mark + chosen + mark + after;
  return { text: marked, start: start + length, end: end + length };
}

/** A name that is being written. */
export interface Completion {
  /** `@` for people, `#` for rooms. */
  readonly sign: '@' | '#';
  readonly asked: string;
  /** Where the sign stands. */
  readonly from: number;
}

/** A sign at the beginning of a word, and what of a name stands between it and the caret. */
const begunName = /(?:^|[\s([{])([@#])([^\s@#][^@#\n]{0,39})?$/u;

/** @returns the name that is written at the caret; null where none is */
export function completionAt(text: string, caret: number): Completion | null {
  const match = begunName.exec(text.slice(0, caret));
  if (match === null) return null;
  const [, sign, asked = ''] = match;
  return { sign: sign as '@' | '#', asked, from: caret - asked.length - 1 };
}

/** Somebody, or a room, that can be named. */
export interface Nameable {
  readonly id: string;
  readonly name: string;
}

/** @returns those whose name, or a word of it, begins so; in their order, as many as are shown */
export function matchingNames(
  candidates: Iterable<Nameable>,
  asked: string,
  countMax: number,
): readonly Nameable[] {
  const begin = asked.toLocaleLowerCase();
  const found: Nameable[] = [];
  for (const candidate of candidates) {
    const name = candidate.name.toLocaleLowerCase();
    if (name.startsWith(begin) || name.includes(` ${begin}`)) found.push(candidate);
    if (found.length === countMax) break;
  }
  return found;
}

/** What stands in a text that is written for what is sent: `@Ada` for `<@id>`. */
export class WrittenNames {
  private readonly tokens = new Map<string, string>();

  /** @returns what is to stand in the text; for another of the same name it is another */
  add(sign: '@' | '#', { id, name }: Nameable): string {
    const token = `<${sign}${id}>`;
    let label = sign + name;
    for (let n = 2; (this.tokens.get(label) ?? token) !== token; n += 1) {
      label = `${sign}${name} (${n})`;
    }
    this.tokens.set(label, token);
    return label;
  }

  /** @returns the text as it is sent; the longest names go first */
  toSend(text: string): string {
    const labels = [...this.tokens.keys()].sort((a, b) => b.length - a.length);
    if (labels.length === 0) return text;
    const pattern = new RegExp(`(?:${labels.map(escaped).join('|')})(?![\\p{L}\\p{N}_])`, 'gu');
    return text.replaceAll(pattern, (label) => this.tokens.get(label) ?? label);
  }

  /** @returns a sent text as one writes it, with the names that are known */
  toWrite(text: string, nameOf: (sign: '@' | '#', id: string) => string | null): string {
    return withNames(text, (sign, id) => {
      const name = nameOf(sign, id);
      return name === null ? null : this.add(sign, { id, name });
    });
  }
}

/** @returns a sent text with words in place of whom and what it names; null: it stays as it is */
export function withNames(
  text: string,
  wordsFor: (sign: '@' | '#', id: string) => string | null,
): string {
  return text.replaceAll(
    /<([@#])([0-9a-f-]{36})>/gi,
    (token, sign: '@' | '#', id: string) => wordsFor(sign, id.toLowerCase()) ?? token,
  );
}

/** In UTF-8, as the server counts. */
export function textBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`);
}
