import { expect, test } from 'vitest';
import { CardReader } from './cardReader.js';

/** Servers whose answers the test gives. */
function stage() {
  let nowMs = 0;
  const asked: string[] = [];
  const answers = new Map<string, (card: string | Error) => void>();
  const reader = new CardReader<string>(
    (address) => {
      asked.push(address);
      return new Promise((resolve, reject) => {
        answers.set(address, (card) => (card instanceof Error ? reject(card) : resolve(card)));
      });
    },
    () => nowMs,
  );
  return { reader, asked, answers, pass: (ms: number) => (nowMs += ms) };
}

test('looks at a server once in a while, and tells all the same', async () => {
  const { reader, asked, answers, pass } = stage();
  const both = [reader.read('a'), reader.read('a')];
  answers.get('a')!('card');
  expect(await Promise.all(both)).toEqual(['card', 'card']);
  pass(29_999);
  expect(await reader.read('a')).toBe('card');
  pass(1);
  const later = reader.read('a');
  answers.get('a')!('another');
  expect(await later).toBe('another');
  expect(asked).toEqual(['a', 'a']);
});

test('looks at four servers at a time', async () => {
  const { reader, asked, answers } = stage();
  const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((address) => reader.read(address));
  expect(asked).toEqual(['a', 'b', 'c', 'd']);
  answers.get('c')!(new Error('unreachable'));
  await expect(all[2]).rejects.toThrow('unreachable');
  expect(asked).toEqual(['a', 'b', 'c', 'd', 'e']);
  for (const address of ['a', 'b', 'd', 'e']) answers.get(address)!(address);
  expect(await all[4]).toBe('e');
  expect(asked).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  answers.get('f')!('f');
  expect(await all[5]).toBe('f');
});
