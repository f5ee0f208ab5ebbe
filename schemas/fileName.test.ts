import { describe, expect, it } from 'vitest';
import { namelessFile, normaliseFileName } from './fileName.js';
import { SeededRandom } from './testing/seededRandom.js';

describe('normaliseFileName', () => {
  it.each([
    ['nest.png', 'nest.png'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\Anna\\nest.png', 'nest.png'],
    ['/', namelessFile],
    ['..', namelessFile],
    ['', namelessFile],
    ['.bashrc', 'bashrc'],
    ['nest.png. ', 'nest.png'],
    ['photo\u202egnp.exe', 'photognp.exe'],
    ['a\u200bb\u0000c\nd', 'abcd'],
    ['what? <now>: "yes"|*', 'what now yes'],
    ['NUL.txt', '_NUL.txt'],
    ['Cafe\u0301.txt', 'Caf\u00e9.txt'],
    ['two   spaces', 'two spaces'],
    ['\u{1fab9}.png', '\u{1fab9}.png'],
    ['half \ud83d.png', 'half .png'],
  ])('makes %j to %j', (given, name) => {
    expect(normaliseFileName(given)).toBe(name);
  });

  it('cuts a long name between characters, and keeps its ending', () => {
    const name = normaliseFileName(`${'\u{1fab9}'.repeat(100)}.jpeg`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name).toBe(`${'\u{1fab9}'.repeat(62)}.jpeg`);
    expect(normaliseFileName(`a.${'b'.repeat(300)}`)).toHaveLength(255);
  });

  it('changes nothing the second time, whatever it was given', () => {
    const pieces = [
      '.',
      ' ',
      '/',
      '\\',
      'con',
      'a',
      '\u0301',
      '\u202e',
      '\u{1fab9}',
      ':',
      '\u3000',
    ];
    for (let seed = 1; seed <= 2_000; seed++) {
      const random = new SeededRandom(seed);
      const length = random.below(400);
      const text = Array.from({ length }, () => pieces[random.below(pieces.length)]).join('');
      const name = normaliseFileName(text);
      expect(normaliseFileName(name), `seed ${seed}`).toBe(name);
      expect(Buffer.byteLength(name), `seed ${seed}`).toBeLessThanOrEqual(255);
      expect(name, `seed ${seed}`).not.toMatch(/[/\\\p{Cc}]/u);
    }
  });
});
