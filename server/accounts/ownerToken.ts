import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ServerError } from '../errors.js';
import { syncDirectory, writeWhole } from '../store/durableFile.js';
import { codeBytes, hashOfCode, ownerToken } from './codes.js';

/**
 * The token that makes whoever uses it first an owner. Its hash is a file of the data directory, so
 * that whoever has that directory can make another, also while the server runs.
 */

/** Makes a token; the one before is good for nothing. @throws ServerError `unusableData` */
export function makeOwnerToken(dataDirectory: string): string {
  const token = ownerToken(randomBytes(codeBytes));
  const file = fileIn(dataDirectory);
  try {
    writeWhole(file, `${Buffer.from(hashOfCode(token)).toString('hex')}\n`);
  } catch (cause) {
    throw unusable(file, cause);
  }
  return token;
}

/**
 * Uses a token up.
 *
 * @returns whether it was the right one; nobody else can use it then, also after a crash
 * @throws ServerError `unusableData`; nothing is used up then
 */
export function takeOwnerToken(dataDirectory: string, given: string): boolean {
  const file = fileIn(dataDirectory);
  try {
    const kept = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
    const hash = hashOfCode(given);
    if (kept.length !== hash.length || !timingSafeEqual(kept, hash)) return false;
    unlinkSync(file);
    syncDirectory(dirname(file));
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return false;
    throw unusable(file, cause);
  }
}

function fileIn(dataDirectory: string): string {
  return join(dataDirectory, 'owner-token');
}

function unusable(file: string, cause: unknown): ServerError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const advice = 'Check who owns the data directory and the free space';
  const text = `Cannot use ${file}: ${reason}. ${advice}.`;
  return new ServerError('unusableData', text, { cause });
}
