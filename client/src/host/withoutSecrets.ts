/** An invitation: what stands behind the address lets whoever has it in. */
const invitation = /(rookery:(?:\/\/)?[^\s/?#"']+)[/?#][^\s"']*/gi;
/** Keys, tickets, tokens: longer than any word, and of the letters that keys are written in. */
const keyLike = /(?<![\w-])[A-Za-z0-9_+/-]{24,}={0,2}(?![\w-])/g;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What is named so is one, whatever it looks like: `password=…`, `token: …`. */
const named =
  /\b(pass(?:word|phrase)|token|secret|key|code|invite)(["']?\s*[=:]\s*["']?)[^\s"',;)]+/gi;

/** What stands in the place of a secret. */
export const hidden = '(hidden)';

/**
 * Takes out of a text of the log what may be a secret. It is the second line: nothing that holds
 * one is to be logged in the first place. Pure.
 */
export function withoutSecrets(text: string): string {
  return text
    .replace(invitation, `$1/${hidden}`)
    .replace(named, `$1$2${hidden}`)
    .replace(keyLike, (word) => (isHarmless(word) ? word : hidden));
}

/** Ids of rooms and users are known to everybody; paths and plain words are no keys. */
function isHarmless(word: string): boolean {
  return uuid.test(word) || word.includes('/') || !/\d/.test(word);
}
