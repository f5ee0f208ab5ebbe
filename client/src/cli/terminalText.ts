/**
 * Characters that a terminal may obey instead of showing: C0 and C1 controls, format characters
 * (among them those that turn the direction of writing) and separators of lines.
 */
const commanding = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text of others made fit for one line of a terminal: what could command it is escaped. */
export function terminalText(text: string): string {
  return text.replaceAll(commanding, (character) => {
    if (character === '\n') return '\\n';
    return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
}

/** A value as one line of JSON with the same property; parses to the very value. */
export function terminalJson(value: unknown): string {
  return escapedJson(JSON.stringify(value));
}

/** The same for people: lines with two spaces for each level, which together parse to it. */
export function terminalJsonLines(value: unknown): string[] {
  return JSON.stringify(value, null, 2).split('\n').map(escapedJson);
}

/** In JSON such characters stand within strings alone. */
function escapedJson(json: string): string {
  return json.replaceAll(commanding, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
