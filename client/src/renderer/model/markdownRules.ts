import type MarkdownIt from 'markdown-it';

type Markdown = InstanceType<typeof MarkdownIt>;
type RuleInline = Parameters<Markdown['inline']['ruler']['before']>[2];
type InlineState = Parameters<RuleInline>[0];

const id = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const mention = new RegExp(`<@(${id})>`, 'iy');
const roomLink = new RegExp(`<#(${id})>`, 'iy');
const spoiler = /\|\|(?=\S)([^|]*[^|\s])\|\|/y;

/** `<@user id>`: somebody is mentioned. The server reads the same (messageText.ts). */
export const mentionRule: RuleInline = (state, isSilent) => {
  const found = matchAt(mention, state);
  if (found === null) return false;
  if (!isSilent) {
    state.push('mention', 'span', 1).attrSet('data-mention', found.inner.toLowerCase());
    state.push('mention', 'span', -1);
  }
  state.pos += found.length;
  return true;
};

/** `<#room id>`: leads to a room. */
export const roomLinkRule: RuleInline = (state, isSilent) => {
  const found = matchAt(roomLink, state);
  if (found === null) return false;
  if (!isSilent) {
    state.push('room_link', 'span', 1).attrSet('data-room-link', found.inner.toLowerCase());
    state.push('room_link', 'span', -1);
  }
  state.pos += found.length;
  return true;
};

/** `||text||`: hidden until somebody wants to see it. */
export const spoilerRule: RuleInline = (state, isSilent) => {
  const found = matchAt(spoiler, state);
  if (found === null) return false;
  const { pos, posMax } = state;
  if (!isSilent) {
    state.push('spoiler', 'span', 1).attrSet('data-spoiler', '');
    state.pos = pos + 2;
    state.posMax = pos + found.length - 2;
    state.md.inline.tokenize(state);
    state.push('spoiler', 'span', -1);
  }
  state.pos = pos + found.length;
  state.posMax = posMax;
  return true;
};

/** @param pattern sticky, with what is within as its group */
function matchAt(
  pattern: RegExp,
  { src, pos, posMax }: InlineState,
): { readonly inner: string; readonly length: number } | null {
  pattern.lastIndex = pos;
  const match = pattern.exec(src);
  if (match === null || pos + match[0].length > posMax) return null;
  return { inner: match[1]!, length: match[0].length };
}
