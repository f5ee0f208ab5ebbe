import type { ShellWords } from './shellWords.js';

/** Looks for newer versions of the client, when its user asks. */
export interface UpdateSource {
  /** @returns what it found, in the user's language */
  look(words: ShellWords): Promise<string>;
}

/**
 * Nobody serves packages of the client yet, so there is nothing to look at. Where there are signed
 * ones, a source on electron-updater takes this one's place.
 *
 * @param version of this client
 */
export function updatesByHand(version: string): UpdateSource {
  return { look: ({ updatesByHand: text }) => Promise.resolve(text.replace('{version}', version)) };
}
