import { fieldLimits } from './protocol.js';
import type { Uuid } from './uuid.js';

/**
 * What may stand in a message. Text is kept as people wrote it, Markdown and all: it is text to
 * everybody but the eyes of a client, and never HTML.
 */

/** C0 but line feed and tab, and DEL: no text needs them, and terminals obey them. */
const control = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/** @returns what is wrong with a text and what to do; null where it may be sent */
export function messageTextFault(text: string): string | null {
  if (text.trim() === '') return 'There is nothing to send.';
  if (Buffer.byteLength(text) > fieldLimits.textBytesMax) {
    return `The text is longer than ${fieldLimits.textBytesMax} bytes. Send it in parts.`;
  }
  if (control.test(text)) return 'The text holds a control character. Take it out.';
  return mentionsIn(text).length <= fieldLimits.mentionsMax
    ? null
    : `The text mentions more than ${fieldLimits.mentionsMax} people. Mention fewer.`;
}

const mention = /<@([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>/gi;

/** @returns the users that a text mentions (`<@user id>`), each once, in order */
export function mentionsIn(text: string): Uuid[] {
  // As most texts do not, which is looked up in no time.
  if (!text.includes('<@')) return [];
  const ids = Array.from(text.matchAll(mention), ([, id]) => id!.toLowerCase());
  return [...new Set(ids)];
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const emojiParts = /^[\p{Emoji}\p{Emoji_Component}\p{Extended_Pictographic}]+$/u;
/** A picture, a flag, or a key: digits alone are parts of emoji, too. */
const emojiCore = /[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3]/u;

/** Whether a text is one emoji, as people see it, that a reaction may be. */
export function isEmoji(text: string): boolean {
  if (text.length > fieldLimits.reactionBytesMax) return false;
  if (Buffer.byteLength(text) > fieldLimits.reactionBytesMax) return false;
  if (!emojiParts.test(text) || !emojiCore.test(text)) return false;
  return Array.from(graphemes.segment(text)).length === 1;
}
