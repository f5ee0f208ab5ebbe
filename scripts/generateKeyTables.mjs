// Writes the tables of keys of docs/user.md from the window's own table of keys and its words.
import { readFileSync } from 'node:fs';
import { GeneratedPage, markdownTable, withBlock } from './generatedPage.mjs';

export const keyTables = new GeneratedPage('docs/user.md', import.meta.url, (written) =>
  withBlock(written, 'keys', keys()),
);

function read(path) {
  return readFileSync(new URL(`../client/src/renderer/${path}`, import.meta.url), 'utf8');
}

function keys() {
  const source = read('model/keyMap.ts');
  const words = read('i18n/en/keyMap.ts');
  const wordsOf = (id) => {
    const found = new RegExp(`^ +${id}: '(.*)',$`, 'm').exec(words);
    if (found === null) throw new Error(`keyMap.ts has no words for ${id}`);
    return found[1];
  };
  const parts = /export const keyMap = \[([\s\S]*?)\n\]/
    .exec(source)[1]
    .split(/^ {4}id: /m)
    .slice(1);
  return parts
    .map((part) => {
      const [, id] = /^'(\w+)'/.exec(part);
      const uses = [...part.matchAll(/presses: \[(.*?)\], id: '(\w+)'/g)];
      const rows = uses.map(([, presses, use]) => [pressWords(presses), wordsOf(use)]);
      return `**${wordsOf(id)}**\n\n${markdownTable(['Keys', 'What they do'], rows)}`;
    })
    .join('\n');
}

/** @param presses as they stand in the source: `'Ctrl+b', ' '` */
function pressWords(presses) {
  return [...presses.matchAll(/'([^']+)'/g)]
    .map(([, press]) => `\`${press === ' ' ? 'Space' : press.replace(/\+([a-z])$/, upper)}\``)
    .join(', ');
}

const upper = (_press, letter) => `+${letter.toUpperCase()}`;

await keyTables.writeIfRun();
