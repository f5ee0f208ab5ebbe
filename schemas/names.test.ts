import { describe, expect, test } from 'vitest';
import { displayNameLimits, normaliseDescription, normaliseName, roomNameLimits } from './names.js';
import { ProtocolError } from './protocolError.js';
import { forEachFuzzCase, fuzzTimeoutMs } from './testing/fuzzCases.js';
import { mutateBytes } from './testing/mutate.js';
import type { SeededRandom } from './testing/seededRandom.js';

test.each([
  ['Ada', 'Ada'],
  ['  Ada   Lovelace ', 'Ada Lovelace'],
  ['Ada\u00a0\u3000Lovelace', 'Ada Lovelace'],
  ['Zoe\u0308', 'Zo\u00eb'],
  ['\u1112\u1161\u11ab', '\ud55c'],
  ['\u2764\ufe0f rook \u{1f426}', '\u2764\ufe0f rook \u{1f426}'],
  ['a/b', 'a/b'],
])('makes %j into %j', (text, name) => {
  expect(normaliseName(text, displayNameLimits)).toBe(name);
});

test.each([
  ['nothing', ''],
  ['only spaces', ' \u2003 '],
  ['only a combining mark', '\u0301'],
  ['only a variation selector', '\ufe0f'],
  ['a line feed', 'Ada\n'],
  ['a tab', 'Ada\tLovelace'],
  ['NUL', 'Ada\0'],
  ['a C1 control', 'Ada\u0085'],
  ['a right-to-left override', '\u202eadA'],
  ['a bidi isolate', '\u2066Ada\u2069'],
  ['an Arabic letter mark', 'Ada\u061c'],
  ['a zero-width space', 'A\u200bda'],
  ['a zero-width joiner', 'A\u200dda'],
  ['a byte order mark', '\ufeffAda'],
  ['a soft hyphen', 'A\u00adda'],
  ['a word joiner', 'A\u2060da'],
  ['a tag character', 'Ada\u{e0041}'],
  ['a Hangul filler', '\u3164'],
  ['a blank Braille pattern', '\u2800'],
  ['a line separator', 'Ada\u2028'],
  ['half a surrogate pair', 'Ada\ud83d'],
])('refuses %s', (_what, text) => {
  expect(() => normaliseName(text, displayNameLimits)).toThrow(ProtocolError);
});

test('counts characters as code points and bytes as UTF-8', () => {
  const birds = (count: number): string => '\u{1f426}'.repeat(count);
  expect(normaliseName(birds(32), displayNameLimits)).toBe(birds(32));
  expect(() => normaliseName(birds(33), displayNameLimits)).toThrow('longer than 128 bytes');
  expect(normaliseName('a'.repeat(64), displayNameLimits)).toHaveLength(64);
  expect(() => normaliseName('a'.repeat(65), displayNameLimits)).toThrow('64 characters');
});

test('refuses a name that only its normal form makes too long', () => {
  // U+FB2C becomes three characters of two bytes each (Unicode, composition exclusions).
  const text = '\ufb2c'.repeat(42);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(128);
  expect(() => normaliseName(text, displayNameLimits)).toThrow(ProtocolError);
});

test('keeps the path separator out of names of rooms', () => {
  expect(() => normaliseName('Games/Chess', roomNameLimits)).toThrow('separates names');
});

test('names the field that it refuses', () => {
  expect(() => normaliseName('', roomNameLimits)).toThrow(/^name is empty$/);
  expect(() => normaliseName('', displayNameLimits)).toThrow(/^displayName is empty$/);
});

/** Text of all kinds: mutated UTF-8 of a name, or random code points, surrogates included. */
function randomText(random: SeededRandom): string {
  if (random.chance(0.5)) {
    const sample = Buffer.from('Zoe\u0308  K\u00f6nig \u{1f426} \u1112\u1161\u11ab');
    return Buffer.from(mutateBytes(random, sample)).toString('utf8');
  }
  const planes = [0x80, 0x800, 0x3100, 0x10000, 0x110000];
  return String.fromCodePoint(
    ...Array.from({ length: random.below(80) }, () =>
      random.below(planes[random.below(planes.length)]!),
    ),
  );
}

test(
  'gives names within the limits that stay as they are, or refuses',
  { timeout: fuzzTimeoutMs() },
  () => {
    let accepted = 0;
    forEachFuzzCase((random) => {
      let name: string;
      try {
        name = normaliseName(randomText(random), displayNameLimits);
      } catch (error) {
        if (error instanceof ProtocolError && error.code === 'invalidField') return;
        throw error;
      }
      accepted++;
      if (Buffer.byteLength(name) > displayNameLimits.bytesMax) throw new Error('too many bytes');
      if (normaliseName(name, displayNameLimits) !== name) {
        throw new Error(`${JSON.stringify(name)} changes when normalised again`);
      }
    });
    expect(accepted).toBeGreaterThan(0);
  },
);

describe('a description', () => {
  test('keeps its lines, is composed, and loses white space around it', () => {
    expect(normaliseDescription('  Cafe\u0301\n\tevery evening \n')).toBe('Café\n\tevery evening');
    expect(normaliseDescription(' \n ')).toBe('');
  });

  test.each(['\r\n', 'a\0b', '\u001b[31m', '\u0085', '\ud800'])('cannot hold %j', (text) => {
    expect(() => normaliseDescription(`a${text}b`)).toThrow('description holds a control');
  });

  test('is measured in bytes, also where composing makes it longer', () => {
    expect(normaliseDescription('ä'.repeat(512))).toHaveLength(512);
    expect(() => normaliseDescription('ä'.repeat(513))).toThrow('longer than 1024 bytes');
    // U+1D160 is left out of compositions: it comes apart into three characters.
    expect(() => normaliseDescription('\u{1d160}'.repeat(256))).toThrow('longer than 1024 bytes');
  });
});
