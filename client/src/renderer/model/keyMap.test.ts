import { describe, expect, test } from 'vitest';
import { keyMap, keysOfPress, pressName, useOfKey, type KeyPress, type KeyUse } from './keyMap.js';

function press(key: string, ...held: ('ctrl' | 'meta' | 'alt' | 'shift')[]): KeyPress {
  const [ctrlKey, metaKey, altKey, shiftKey] = (['ctrl', 'meta', 'alt', 'shift'] as const).map(
    (name) => held.includes(name),
  );
  return { key, ctrlKey: ctrlKey!, metaKey: metaKey!, altKey: altKey!, shiftKey: shiftKey! };
}

test.each([
  [press('F6', 'shift'), 'Shift+F6'],
  [press('?', 'shift'), '?'],
  [press('B', 'ctrl'), 'Ctrl+b'],
  [press('b', 'meta'), 'Ctrl+b'],
  [press('F', 'ctrl', 'shift'), 'Ctrl+Shift+f'],
  [press(' ', 'shift'), 'Shift+ '],
  [press('ArrowUp', 'alt'), 'Alt+ArrowUp'],
])('%j is called %s', (event, name) => {
  expect(pressName(event)).toBe(name);
});

test('a key does what its place says, and nothing elsewhere', () => {
  expect(useOfKey('everywhere', press('f', 'ctrl'))).toBe('searchMessages');
  expect(useOfKey('everywhere', press('f'))).toBeNull();
  expect(useOfKey('tree', press('f', 'ctrl'))).toBeNull();
  expect(keysOfPress('Ctrl+f')).toEqual(['Ctrl', 'F']);
  expect(keysOfPress('Ctrl++')).toEqual(['Ctrl', '+']);
  expect(keysOfPress('Alt+ArrowUp')).toEqual(['Alt', '↑']);
});

test.each(keyMap)('no key of $id does two things', ({ uses }) => {
  const presses = uses.flatMap((use: KeyUse) => use.presses);
  expect(new Set(presses).size).toBe(presses.length);
});

describe('the page', () => {
  const sources = Object.entries(
    import.meta.glob<string>(['../**/*.{vue,ts}', '!../i18n/**', '!**/*.test.ts', '!./keyMap.ts'], {
      query: '?raw',
      import: 'default',
      eager: true,
    }),
  );
  const listening = sources.filter(([, text]) => /['"@]keydown/.test(text));

  test('does all that the table says', () => {
    // These the browser does by itself.
    const native = ['openMenu', 'newLine'];
    const all = sources.map(([, text]) => text).join('\n');
    const ids = keyMap.flatMap(({ uses }) => uses.map(({ id }) => id));
    expect(
      ids.filter((id) => !native.includes(id) && !new RegExp(`\\b${id}\\b`).test(all)),
    ).toEqual([]);
  });

  test('asks the table for every key of the whole window, every chord and every sign', () => {
    expect(listening.length).toBeGreaterThan(20);
    // What one binds and how oneself is in the settings.
    const own = ['../stores/boundKeys.ts', '../components/settings/KeyBinder.vue'];
    const beside = listening.filter(([name, text]) => {
      const isWide = /(?:window|document)\.addEventListener\(\s*'keydown'/.test(text);
      const isChord = /\.(?:ctrl|meta|alt)Key\b|@keydown\.(?:ctrl|meta|alt)/.test(text);
      const isSign = /\.key(?:\.\w+\(\))? [!=]== '(?:[^' ]|F\d+)'|^\s*'?(?:F\d+|[^\w\s])'?:/m.test(
        text,
      );
      return !own.includes(name) && !text.includes('useOfKey(') && (isWide || isChord || isSign);
    });
    expect(beside.map(([name]) => name)).toEqual([]);
  });
});
