import { describe, expect, test } from 'vitest';
import { displayNameLimits, normaliseName } from '@rookery/schemas/names';
import { nameKeys } from './nameKeys.js';

function looksLike(first: string, second: string): boolean {
  const [keys, others] = [first, second].map((name) => nameKeys(normaliseName(name, limits)));
  return keys!.some((key) => others!.includes(key));
}
const limits = displayNameLimits;

describe('taken for the same', () => {
  test.each([
    ['Ada', 'ada'],
    ['Ada', 'ADA'],
    // Cyrillic а, Greek Α, full width, mathematical, small capital letters.
    ['Ada', '\u0410d\u0430'],
    ['Ada', '\u0391da'],
    ['Ada', '\uff21\uff44\uff41'],
    ['Ada', '\u{1d4d0}\u{1d4ed}\u{1d4ea}'],
    ['paypal', '\u0440\u0430\u0443\u0440\u0430l'],
    ['Alex', 'AIex'],
    ['Alex', 'A1ex'],
    ['alex', 'AIEX'],
    ['Ian', 'lan'],
    ['Ian', 'ian'],
    ['admin', 'adrnin'],
    ['ADMIN', 'adrnin'],
    ['Bob', 'B0b'],
    ['Zo\u00eb', 'Zoe\u0308'],
    ['rook \u2764\ufe0f', 'rook \u2764'],
    ['Stra\u00dfe', 'stra\u00dfe'],
  ])('%s and %s', (first, second) => {
    expect(looksLike(first, second)).toBe(true);
    expect(looksLike(second, first)).toBe(true);
  });
});

describe('different', () => {
  test.each([
    ['Ada', 'Adam'],
    ['Zoe', 'Zo\u00eb'],
    ['ian', 'lan'],
    ['Bot 10', 'Bot 11'],
    ['\u5c71\u7530', '\u5c71\u672c'],
    ['\u{1f426}', '\u{1f427}'],
  ])('%s and %s', (first, second) => {
    expect(looksLike(first, second)).toBe(false);
  });
});

test('keys are what settles: made again of themselves they are the same', () => {
  const points = Array.from({ length: 0x3000 - 0x20 }, (_, index) => index + 0x20);
  const characters = points.map((point) => String.fromCodePoint(point));
  const unsettled = characters.filter((character) =>
    nameKeys(character).some((key) => !nameKeys(key).includes(key)),
  );
  expect(unsettled).toEqual([]);
});
