const mirrored: Readonly<Record<string, string>> = {
  ArrowLeft: 'ArrowRight',
  ArrowRight: 'ArrowLeft',
};

/**
 * A key as it would be named if lines ran from left to right: `ArrowRight` leads onwards, whichever
 * way onwards is. Pure.
 *
 * @param key of a KeyboardEvent
 * @param direction of the text, as an element's `dir` says it
 */
export function inlineKey(key: string, direction: string): string {
  return direction === 'rtl' ? (mirrored[key] ?? key) : key;
}
