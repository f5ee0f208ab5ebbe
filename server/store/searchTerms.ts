/** Longer words are cut, in the index and in what is asked for: UTF-8 bytes. */
export const termBytesMax = 32;

/** The longest text has four times as many at most; what stands behind is not found. */
export const termsPerMessageMax = 256;

/** Runs of letters, digits and the marks on them; a word may hold an apostrophe. */
const runs = /[\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*(?:['’][\p{L}\p{N}\p{M}_]+)*/gu;

/** Scripts that are written without spaces, where only a dictionary tells the words. */
const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;

/**
 * The words of a text, folded so that what looks alike is found alike: compatibility forms made one
 * (NFKC), case and the marks on letters taken away. Text in scripts without spaces is cut into
 * words by the dictionary of the platform (Unicode UAX #29).
 *
 * @returns at most `termsPerMessageMax` terms, each once, each of at most `termBytesMax` bytes
 */
export function searchTerms(text: string): readonly string[] {
  const terms = new Set<string>();
  for (const run of fold(text).match(runs) ?? []) {
    for (const word of unspaced.test(run) ? dictionaryWords(run) : [run]) {
      terms.add(cut(word));
      if (terms.size === termsPerMessageMax) return [...terms];
    }
  }
  return [...terms];
}

/** Made when it is first needed, as it loads a dictionary. */
function dictionaryWords(run: string): readonly string[] {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
  return Array.from(segmenter.segment(run), ({ segment }) => segment);
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .normalize('NFC')
    .toLowerCase();
}

/** Without cutting a character in two. */
function cut(word: string): string {
  if (Buffer.byteLength(word) <= termBytesMax) return word;
  let kept = '';
  for (const character of word) {
    if (Buffer.byteLength(kept + character) > termBytesMax) return kept;
    kept += character;
  }
  return kept;
}
