/** Words of the user's language for what is not read out. */
export interface SpokenWords {
  readonly link: string;
  readonly code: string;
}

/** Longer is cut: nobody listens for minutes. */
const lettersMax = 280;

/**
 * What is read aloud of a message: its words, without marks of Markdown, and "link" and "code" in
 * place of those. Pure.
 *
 * @returns '' where nothing is left to be said
 */
export function speechText(markdown: string, { link, code }: SpokenWords): string {
  const text = markdown
    .replace(/```[^]*?(?:```|$)/g, ` ${code} `)
    .replace(/`[^`\n]+`/g, ` ${code} `)
    .replace(/!?\[([^\]\n]*)\]\([^)\s]*\)/g, ` $1 (${link}) `)
    .replace(/<?\b(?:https?|mailto|rookery):\S+/gi, ` ${link} `)
    .replace(/^[ \t]*(?:[>#]+|[-*+] )/gm, ' ')
    .replace(/[*_~|<>#]+/g, '')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length <= lettersMax ? text : `${text.slice(0, lettersMax)} …`;
}
