import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';
import { roomLinkRule, mentionRule, spoilerRule } from './markdownRules.js';

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable('image');
markdown.inline.ruler.before('autolink', 'mention', mentionRule);
markdown.inline.ruler.before('autolink', 'roomLink', roomLinkRule);
markdown.inline.ruler.before('emphasis', 'spoiler', spoilerRule);

/** What a message may become. Everything else is taken away, whatever made it. */
const allowed = {
  ALLOWED_TAGS: [
    ...['a', 'blockquote', 'br', 'code', 'del', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr'],
    ...['li', 'ol', 'p', 'pre', 's', 'span', 'strong', 'table', 'tbody', 'td', 'th', 'thead'],
    ...['tr', 'ul'],
  ],
  ALLOWED_ATTR: ['href', 'title', 'start', 'data-mention', 'data-room-link', 'data-spoiler'],
  ALLOW_DATA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?|mailto|rookery):/i,
  // No addresses: else they would have to look like those.
  ADD_URI_SAFE_ATTR: ['start', 'data-mention', 'data-room-link'],
};

/** What the page knows of whom and what a message names. */
export interface MarkdownContext {
  /** null for somebody unknown. */
  personName(userId: string): string | null;
  /** null for a room that is not there, or not to be seen. */
  roomName(roomId: string): string | null;
  readonly ownUserId: string | null;
  readonly words: {
    readonly copyCode: string;
    readonly somebody: string;
    readonly someRoom: string;
    readonly spoiler: string;
  };
}

/**
 * Markdown of anybody as HTML that does nothing but look: no pictures, no styles, no code. What can
 * be pressed has a `data-do` (`copyCode`, `spoiler`, `openRoom`) and does nothing by itself.
 *
 * @returns HTML for `v-html`; links open elsewhere and tell nothing of this page
 */
export function messageHtml(text: string, context: MarkdownContext): string {
  const clean = DOMPurify.sanitize(markdown.render(text), {
    ...allowed,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of clean.querySelectorAll('a')) finishLink(link);
  for (const pre of clean.querySelectorAll('pre')) addCopyButton(pre, context.words.copyCode);
  finishNames(clean, context);
  for (const spoiler of clean.querySelectorAll<HTMLElement>('[data-spoiler]')) {
    spoiler.className = 'spoiler';
    makeButton(spoiler, 'spoiler');
    spoiler.setAttribute('aria-expanded', 'false');
    spoiler.title = context.words.spoiler;
  }
  const holder = document.createElement('div');
  holder.append(clean);
  return holder.innerHTML;
}

/** Few emoji and nothing else: they are shown large. */
export function isEmojiOnly(text: string): boolean {
  const bare = text.replaceAll(/\s/g, '');
  return (
    bare.length <= 64 && /\p{Extended_Pictographic}|\p{RI}/u.test(bare) && !notEmoji.test(bare)
  );
}

const notEmoji = /[^\p{Extended_Pictographic}\p{Emoji_Component}]|[\d#*]/u;

/** Whoever points at a link sees where it leads, and reads it where its text tells otherwise. */
function finishLink(link: HTMLAnchorElement): void {
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow';
  link.title = link.href;
  const shown = /^(?:https?:\/\/)?([^\s/]+\.[^\s/]+)/i.exec(link.textContent.trim())?.[1];
  const host = link.protocol.startsWith('http') ? link.host : link.href;
  if (shown === undefined || shown.toLowerCase() === host.toLowerCase()) return;
  const truth = document.createElement('span');
  truth.className = 'true-address';
  truth.textContent = ` (${host})`;
  link.append(truth);
}

function addCopyButton(pre: HTMLElement, words: string): void {
  const box = document.createElement('div');
  box.className = 'code-box';
  pre.tabIndex = 0;
  pre.replaceWith(box);
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = words;
  button.dataset['do'] = 'copyCode';
  box.append(pre, button);
}

function finishNames(clean: DocumentFragment, context: MarkdownContext): void {
  const { words } = context;
  for (const mention of clean.querySelectorAll<HTMLElement>('[data-mention]')) {
    const userId = mention.dataset['mention'] ?? '';
    mention.textContent = `@${context.personName(userId) ?? words.somebody}`;
    mention.className = userId === context.ownUserId ? 'mention own' : 'mention';
  }
  for (const link of clean.querySelectorAll<HTMLElement>('[data-room-link]')) {
    const name = context.roomName(link.dataset['roomLink'] ?? '');
    link.textContent = `#${name ?? words.someRoom}`;
    link.className = 'mention';
    if (name !== null) makeButton(link, 'openRoom');
  }
}

function makeButton(element: HTMLElement, what: string): void {
  element.setAttribute('role', 'button');
  element.tabIndex = 0;
  element.dataset['do'] = what;
}
