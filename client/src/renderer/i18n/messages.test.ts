import { expect, test } from 'vitest';
import { de } from './de.js';
import { en } from './en.js';

interface Messages {
  readonly [key: string]: string | Messages;
}

function keysOf(messages: Messages, prefix = ''): string[] {
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keysOf(value, `${prefix}${key}.`),
  );
}

function textOf(messages: Messages, key: string): string {
  let place: string | Messages = messages;
  for (const part of key.split('.')) place = (place as Messages)[part]!;
  return place as string;
}

/** All that stands in the page's sources but the words themselves. */
const sources = Object.values(
  import.meta.glob<string>(['../**/*.{vue,ts}', '!./**'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
).join('\n');

/** Keys, and beginnings of keys whose end is put together: t(`voice.${state}`). */
const used = [...sources.matchAll(/['"`]([a-z]\w*\.)([\w.]*)(\$\{)?/g)].map(
  ([, group, rest, isOpen]) => ({ key: `${group}${rest}`, isOpen: isOpen !== undefined }),
);

test('German says everything that English says', () => {
  expect(keysOf(de)).toEqual(keysOf(en));
});

test('every language fills in the same', () => {
  const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();
  const distinct = (text: string): string[] => [...new Set(places(text))];
  for (const key of keysOf(en)) {
    expect(distinct(textOf(de, key)), key).toEqual(distinct(textOf(en, key)));
  }
});

test('nothing is said that no page asks for', () => {
  const isUsed = (wanted: string): boolean =>
    used.some(({ key, isOpen }) => (isOpen ? wanted.startsWith(key) : wanted === key));
  expect(keysOf(en).filter((key) => !isUsed(key))).toEqual([]);
});

test('no page asks for what nothing says', () => {
  const known = keysOf(en);
  const asked = [...sources.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key]) => key!);
  expect(asked.filter((key) => !known.includes(key))).toEqual([]);
  expect(asked.length).toBeGreaterThan(20);
});
