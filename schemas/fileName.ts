import { fileTransfer } from './protocol.js';

/** What a name that says nothing becomes. */
export const namelessFile = 'file';

/**
 * Characters that do not show, reorder the text around them, or mean something to a file system
 * (NTFS refuses more than others, so all are spared trouble).
 */
const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{DI}\u2800<>:"|?*]/gu;

/** Names of devices on Windows, whatever their ending. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** An ending is kept when a name is cut, up to this length. */
const endingBytesMax = 16;

/**
 * Makes a file name of what somebody calls a file: the last part of a path, in NFC, with nothing
 * that does not show, no dots or spaces at its ends, at most 255 bytes of UTF-8.
 *
 * @returns never empty; doing it again changes nothing
 */
export function normaliseFileName(text: string): string {
  const last = text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1);
  const shown = trimmed(last.normalize('NFC').replaceAll(forbidden, '').normalize('NFC'));
  const name = reserved.test(shown) ? `_${shown}` : shown;
  if (name === '') return namelessFile;
  const { nameBytesMax } = fileTransfer;
  if (Buffer.byteLength(name) <= nameBytesMax) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 ? name.slice(dot) : '';
  const kept = Buffer.byteLength(ending) <= endingBytesMax ? ending : '';
  const stem = cut(
    name.slice(0, name.length - kept.length),
    nameBytesMax - Buffer.byteLength(kept),
  );
  return trimmed(stem) + kept;
}

function trimmed(name: string): string {
  return name.replaceAll(/\p{Zs}+/gu, ' ').replaceAll(/^[. ]+|[. ]+$/g, '');
}

/** The beginning of a text, at most so many bytes of UTF-8, without half a character. */
function cut(text: string, bytesMax: number): string {
  let bytes = 0;
  let length = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > bytesMax) break;
    length += character.length;
  }
  return text.slice(0, length);
}
