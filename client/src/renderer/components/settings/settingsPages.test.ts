import { expect, test } from 'vitest';
import { en } from '../../i18n/en.js';
import { settingsPages, type SettingsPage } from './settingsPages.js';

const pages: readonly SettingsPage[] = settingsPages;

/** What a key says; undefined for nothing. */
function wordsOf(key: string): unknown {
  const within = (place: unknown, part: string): unknown =>
    (place as Readonly<Record<string, unknown>> | undefined)?.[part];
  return key.split('.').reduce(within, en);
}

/** All pages as they are written. */
const templates = Object.values(
  import.meta.glob<string>('../**/*.vue', { query: '?raw', import: 'default', eager: true }),
).join('\n');

test.each(pages.map((page) => [page.id, page] as const))(
  'finds all of the page "%s" by its words',
  (id, { settings = [] }) => {
    expect(wordsOf(`settings.page.${id}`)).toBeTypeOf('string');
    for (const setting of settings) expect(wordsOf(setting), setting).toBeTypeOf('string');
    expect(new Set(settings).size).toBe(settings.length);
  },
);

test('finds every setting that is written down with its key', () => {
  const found = pages.flatMap(({ settings = [] }) => settings);
  const written = [...templates.matchAll(/\ssetting="([\w.]+)"/g)].map(([, key]) => key!);
  expect(written.filter((key) => !found.includes(key))).toEqual([]);
  expect(written.length).toBeGreaterThan(5);
});
