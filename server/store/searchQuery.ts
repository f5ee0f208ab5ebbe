import { searchTerms } from './searchTerms.js';

/** One word that is looked for. */
export interface SearchWord {
  readonly term: string;
  /** Whether words that begin with it are meant, too. */
  readonly isBeginning: boolean;
}

/** Messages that have all of the words, anywhere. */
export interface SearchQuery {
  readonly words: readonly SearchWord[];
}

/** More than these make a search slow and find nothing more. */
export const searchWordsMax = 16;

/**
 * Reads what somebody looks for: words, in any order; `plan*` means every word that begins so.
 *
 * @returns null where there is no word in it, or more than `searchWordsMax`
 */
export function parseSearchQuery(text: string): SearchQuery | null {
  const words = new Map<string, SearchWord>();
  for (const part of text.split(/\s+/)) {
    const terms = searchTerms(part);
    terms.forEach((term, index) => {
      const isBeginning = part.endsWith('*') && index === terms.length - 1;
      words.set(`${term}${isBeginning ? '*' : ''}`, { term, isBeginning });
    });
  }
  if (words.size === 0 || words.size > searchWordsMax) return null;
  return { words: [...words.values()] };
}
