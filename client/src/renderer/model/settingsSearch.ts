/** Something that can be found on a page of the settings. */
export interface FindableSetting {
  readonly pageId: string;
  /** Key of its words. */
  readonly setting: string;
  /** In the language that is shown. */
  readonly words: string;
  /** What else it is about: its hint, the title of its page. */
  readonly more: string;
}

/** More would not be read. */
const foundMax = 12;

/**
 * Settings in whose words all of the query's words occur, whatever their case and accents; those
 * first whose own words do. Pure.
 */
export function findSettings<Setting extends FindableSetting>(
  settings: readonly Setting[],
  query: string,
): readonly Setting[] {
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  const hasAll = (text: string): boolean => wanted.every((word) => plain(text).includes(word));
  const byWords = settings.filter(({ words }) => hasAll(words));
  const byMore = settings.filter(({ words, more }) => !hasAll(words) && hasAll(`${words} ${more}`));
  return [...byWords, ...byMore].slice(0, foundMax);
}

/** Small letters without accents; ß is ss. */
function plain(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss');
}
