import { expect, test } from 'vitest';
import { consoleWords as german } from './de.js';
import { consoleWords as english } from './en.js';

interface Words {
  readonly [key: string]: string | Words;
}

function textsOf(words: Words, prefix = ''): [key: string, text: string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : textsOf(value, `${prefix}${key}.`),
  );
}

const sources = Object.values(
  import.meta.glob<string>(['../**/*.{vue,ts}', '!./**'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
).join('\n');

test('German says what English says, with the same to fill in', () => {
  const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();
  const fills = (words: Words): [string, string[]][] =>
    textsOf(words).map(([key, text]) => [key, [...new Set(places(text))]]);
  expect(fills(german)).toEqual(fills(english));
});

test('nothing is said that no page asks for, and the other way round', () => {
  const keys = textsOf(english).map(([key]) => key);
  const used = [...sources.matchAll(/['"`](console\.)([\w.]*)(\$\{)?/g)].map(
    ([, group, rest, isOpen]) => ({ key: `${group}${rest}`, isOpen: isOpen !== undefined }),
  );
  const isUsed = (key: string): boolean =>
    used.some((one) => (one.isOpen ? key.startsWith(one.key) : key === one.key));
  expect(keys.filter((key) => !isUsed(key))).toEqual([]);
  const asked = used.filter(({ isOpen }) => !isOpen).map(({ key }) => key);
  expect(asked.filter((key) => !keys.includes(key))).toEqual([]);
});
