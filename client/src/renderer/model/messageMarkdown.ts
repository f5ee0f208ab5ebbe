import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable('image');

/** What a message may become. Everything else is taken away, whatever made it. */
const allowed = {
  ALLOWED_TAGS: [
    ...['a', 'blockquote', 'br', 'code', 'del', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr'],
    ...['li', 'ol', 'p', 'pre', 's', 'strong', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul'],
  ],
  ALLOWED_ATTR: ['href', 'title', 'start'],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto|rookery):/i,
};

/**
 * Markdown of anybody as HTML that does nothing but look: no pictures, no styles, no code.
 *
 * @returns HTML for `v-html`; links open elsewhere and tell nothing of this page
 */
export function messageHtml(text: string): string {
  const clean = DOMPurify.sanitize(markdown.render(text), {
    ...allowed,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of clean.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow';
  }
  const holder = document.createElement('div');
  holder.append(clean);
  return holder.innerHTML;
}
