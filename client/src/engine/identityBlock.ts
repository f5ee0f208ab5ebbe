import { identityTextMax, parseIdentityRecord, writeIdentityRecord } from './identityFile.js';
import type { IdentityRecord, SealedRecord } from './identityFile.js';

const begin = '-----BEGIN ROOKERY IDENTITY-----';
const end = '-----END ROOKERY IDENTITY-----';
const lineCharacters = 64;

/** Longer than any block with what a mail puts around it, in characters. */
export const identityBlockMax = 16 * identityTextMax;

/** An identity as text that survives mail and clipboards: base64 of its file between two lines. */
export function writeIdentityBlock(record: SealedRecord): string {
  const base64 = Buffer.from(writeIdentityRecord(record)).toString('base64');
  const lines = base64.match(new RegExp(`.{1,${lineCharacters}}`, 'g')) ?? [];
  return [begin, ...lines, end, ''].join('\n');
}

/**
 * Reads such a block out of a text, or an identity file as it stands in a profile.
 *
 * @throws Error whose message says what is wrong in words that hold nothing of the text.
 */
export function parseIdentityBlock(text: string): IdentityRecord {
  if (text.trimStart().startsWith('{')) return parseIdentityRecord(text);
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from + begin.length);
  if (from < 0) throw new Error(`there is no line "${begin}"`);
  if (to < 0) throw new Error(`it is cut off: there is no line "${end}"`);
  const base64 = text.slice(from + begin.length, to).replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) throw new Error('there is more in it than base64');
  return parseIdentityRecord(Buffer.from(base64, 'base64').toString('utf8'));
}
