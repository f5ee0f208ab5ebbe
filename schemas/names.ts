import { fieldLimits } from './protocol.js';
import { ProtocolError } from './protocolError.js';

/** What a kind of name may be. */
export interface NameLimits {
  /** The field that an error names. */
  readonly field: string;
  /** Of the name in UTF-8. */
  readonly bytesMax: number;
  /** Unicode code points. */
  readonly charactersMax: number;
  /** A character that is kept for something else, or ''. */
  readonly separator: string;
}

/** Joins the names of rooms in a path: `Lobby/Games/Chess`. */
export const roomPathSeparator = '/';

export const displayNameLimits: NameLimits = {
  field: 'displayName',
  bytesMax: fieldLimits.displayNameBytesMax,
  charactersMax: fieldLimits.displayNameCharactersMax,
  separator: '',
};

export const roomNameLimits: NameLimits = {
  field: 'name',
  bytesMax: fieldLimits.roomNameBytesMax,
  charactersMax: fieldLimits.roomNameCharactersMax,
  separator: roomPathSeparator,
};

/**
 * Characters that let two different names look the same, or reorder the text around them: controls,
 * format characters (bidi controls, zero width), lone surrogates, line separators, whatever else
 * Unicode calls ignorable (Hangul fillers …), and the blank Braille pattern. The two variation
 * selectors that choose between an emoji's colour and text form are let through.
 */
const forbidden = /(?![\uFE0E\uFE0F])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\u2800]/u;

const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * Brings a name that people see into the one form in which it is kept and compared: NFC, no white
 * space around it, single spaces within.
 *
 * @returns the name; normalising it again changes nothing
 * @throws ProtocolError 'invalidField', naming the field, for a name that is empty, too long, or
 *   holds characters that do not show
 */
export function normaliseName(text: string, limits: NameLimits): string {
  const { field, bytesMax, charactersMax, separator } = limits;
  // Every UTF-16 unit is at least one byte of UTF-8: refuse before normalising a megabyte.
  if (text.length > bytesMax) refuse(`${field} is longer than ${bytesMax} bytes`);
  if (forbidden.test(text)) refuse(`${field} holds a character that does not show`);
  if (separator !== '' && text.includes(separator)) {
    refuse(`${field} holds "${separator}", which separates names`);
  }
  const name = text
    .normalize('NFC')
    .replaceAll(/\p{Zs}+/gu, ' ')
    .trim();
  if (!visible.test(name)) refuse(`${field} is empty`);
  if (Buffer.byteLength(name) > bytesMax) refuse(`${field} is longer than ${bytesMax} bytes`);
  // Code points, not UTF-16 units, so that an emoji counts once.
  if (Array.from(name).length > charactersMax) {
    refuse(`${field} is longer than ${charactersMax} characters`);
  }
  return name;
}

/** What a description may not hold: controls but for line ends and tabs, and lone surrogates. */
const forbiddenInText = /(?![\n\t])[\p{Cc}\p{Cs}]/u;

/**
 * Brings the description of a room into the form in which it is kept: NFC, nothing but white space
 * at its ends.
 *
 * @returns the description, '' for none; normalising it again changes nothing
 * @throws ProtocolError 'invalidField' where it is too long, or holds control characters
 */
export function normaliseDescription(text: string): string {
  return normaliseText(text, 'description', fieldLimits.roomDescriptionBytesMax);
}

/** The same for any text of several lines. @param field what an error names */
export function normaliseText(text: string, field: string, bytesMax: number): string {
  // As for names: refuse before normalising a megabyte.
  if (text.length > bytesMax) refuse(`${field} is longer than ${bytesMax} bytes`);
  if (forbiddenInText.test(text)) refuse(`${field} holds a control character`);
  const normalised = text.normalize('NFC').trim();
  if (Buffer.byteLength(normalised) > bytesMax) {
    refuse(`${field} is longer than ${bytesMax} bytes`);
  }
  return normalised;
}

function refuse(message: string): never {
  throw new ProtocolError('invalidField', message);
}
