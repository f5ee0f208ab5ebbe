import { expect, test } from 'vitest';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { searchTerms, termBytesMax, termsPerMessageMax } from './searchTerms.js';

test.each([
  ['Who plays Chess? CHESS!', ['who', 'plays', 'chess']],
  ["Don’t; it's 3.5 km away_now", ['don’t', "it's", '3', '5', 'km', 'away_now']],
  ['café CAFE\u0301 naïve', ['cafe', 'naive']],
  ['ﬁne ＡＢＣ', ['fine', 'abc']],
  ['ЁЖ Straße', ['еж', 'straße']],
  ['`code` **bold** <@x> — …', ['code', 'bold', 'x']],
  ['🙂 !? ', []],
  ['', []],
])('%s', (text, terms) => {
  expect(searchTerms(text)).toEqual(terms);
});

test('finds words where no space divides them', () => {
  expect(searchTerms('東京都に住んでいます。')).toContain('東京');
  expect(searchTerms('我们明天去北京')).toContain('北京');
});

test('cuts long words between characters, and long texts', () => {
  expect(searchTerms('ä'.repeat(100))).toEqual(['a'.repeat(termBytesMax)]);
  expect(searchTerms('я'.repeat(100))).toEqual(['я'.repeat(termBytesMax / 2)]);
  const many = Array.from({ length: 1_000 }, (_, index) => `w${index}`).join(' ');
  expect(searchTerms(many)).toHaveLength(termsPerMessageMax);
});

test('bears any text, and finds again what it gave', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = new SeededRandom(seed);
    const points = Array.from({ length: 60 }, () => random.below(0x1_1000));
    const text = String.fromCodePoint(...points);
    for (const term of searchTerms(text)) {
      expect(Buffer.byteLength(term), `seed ${seed}`).toBeLessThanOrEqual(termBytesMax);
      expect(term.includes('\0'), `seed ${seed}`).toBe(false);
    }
  }
});
