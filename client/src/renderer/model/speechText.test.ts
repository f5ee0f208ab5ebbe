import { expect, test } from 'vitest';
import { speechText } from './speechText.js';

const spoken = (text: string): string => speechText(text, { link: 'link', code: 'code' });

test('says words and no marks', () => {
  expect(spoken('# Good **morning**, _all_ of ~~us~~ you')).toBe('Good morning, all of us you');
  expect(spoken('> quoted\n- first\n- second')).toBe('quoted first second');
});

test('says that there is a link, or code, and not what it is', () => {
  expect(spoken('see https://example.org/a?b=c now')).toBe('see link now');
  expect(spoken('[the page](https://example.org)')).toBe('the page (link)');
  expect(spoken('run `rm -rf x` or\n```\nlong\ncode\n```\nthen')).toBe('run code or code then');
  expect(spoken('```\nnever closed')).toBe('code');
});

test('says nothing of what nobody can hear, and little of what is long', () => {
  expect(spoken('\u202E\u200B  ')).toBe('');
  expect(spoken('a'.repeat(5_000)).length).toBeLessThan(300);
});
