import { confusableTable } from './confusableTable.js';

/** Of each character that looks like another one, or several: that. */
const lookalikes: ReadonlyMap<string, string> = parseTable(confusableTable);

/** What does not show and a name may hold: the selectors of an emoji's form. */
const ignorable = /\p{DI}/gu;

/** What is left to fold after so many rounds stays; the table needs two or three. */
const roundsMax = 8;

/**
 * What a name looks like, in two ways: as it is written, and in small letters, because `I` looks
 * like `l` and `i` does not. Two names that share a key are taken for the same by people. After the
 * skeleton of Unicode Technical Standard 39, section 4, without the difference of small and capital
 * letters.
 *
 * @param name as normaliseName() makes it
 * @returns one or two different keys
 */
export function nameKeys(name: string): readonly string[] {
  const plain = name.normalize('NFKD').replaceAll(ignorable, '');
  const keys = new Set([settle(plain.toLowerCase()), settle(skeletonOf(plain))]);
  return [...keys];
}

/** Folds letters and looks in turn until nothing changes. */
function settle(text: string): string {
  let settled = text;
  for (let round = 0; round < roundsMax; round++) {
    const next = skeletonOf(settled).toLowerCase();
    if (next === settled) break;
    settled = next;
  }
  return settled;
}

function skeletonOf(decomposed: string): string {
  const characters = Array.from(decomposed, (character) => lookalikes.get(character) ?? character);
  return characters.join('').normalize('NFKD');
}

function parseTable(table: string): Map<string, string> {
  const parsed = new Map<string, string>();
  let target = '';
  for (const word of table.trim().split(/\s+/)) {
    if (word.endsWith('=')) target = word.slice(0, -1).split('+').map(characterOf).join('');
    else parsed.set(characterOf(word), target);
  }
  return parsed;
}

function characterOf(hexadecimal: string): string {
  return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
}
