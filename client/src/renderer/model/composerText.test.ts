import { expect, test } from 'vitest';
import {
  completionAt,
  matchingNames,
  textBytes,
  toggleMark,
  WrittenNames,
} from './composerText.js';

const ada = '00000000-0000-4000-8000-00000000000a';
const other = '00000000-0000-4000-8000-00000000000b';

test('puts a mark around what is chosen, and takes it away again', () => {
  const marked = toggleMark({ text: 'so bold!', start: 3, end: 7 }, '**');
  expect(marked).toEqual({ text: 'so **bold**!', start: 5, end: 9 });
  expect(toggleMark(marked, '**')).toEqual({ text: 'so bold!', start: 3, end: 7 });
  expect(toggleMark({ text: '', start: 0, end: 0 }, '`')).toEqual({
    text: '``',
    start: 1,
    end: 1,
  });
});

test.each([
  ['@', 1, { sign: '@', asked: '', from: 0 }],
  ['hey @Ad', 7, { sign: '@', asked: 'Ad', from: 4 }],
  ['hey @Ada Love', 13, { sign: '@', asked: 'Ada Love', from: 4 }],
  ['in #Lob and', 7, { sign: '#', asked: 'Lob', from: 3 }],
  ['(@Ad', 4, { sign: '@', asked: 'Ad', from: 1 }],
  ['mail@example', 12, null],
  ['# Heading', 9, null],
  ['@ Ada', 5, null],
  ['nothing', 7, null],
])('sees the name that is written in %j', (text, caret, expected) => {
  expect(completionAt(text, caret)).toEqual(expected);
});

test('finds names by the beginning of any of their words', () => {
  const people = ['Ada', 'Berta Adler', 'Cadmus'].map((name) => ({ id: name, name }));
  expect(matchingNames(people, 'ad', 8).map(({ name }) => name)).toEqual(['Ada', 'Berta Adler']);
  expect(matchingNames(people, '', 2)).toHaveLength(2);
});

test('sends ids for the names that were chosen, and for no others', () => {
  const names = new WrittenNames();
  expect(names.add('@', { id: ada, name: 'Ada' })).toBe('@Ada');
  expect(names.add('@', { id: ada, name: 'Ada' })).toBe('@Ada');
  expect(names.add('@', { id: other, name: 'Ada' })).toBe('@Ada (2)');
  const sent = `<@${ada}> and <@${other}>, not @Adam`;
  expect(names.toSend('@Ada and @Ada (2), not @Adam')).toBe(sent);
  expect(new WrittenNames().toSend('@Ada')).toBe('@Ada');
});

test('sends names with any signs in them', () => {
  const names = new WrittenNames();
  names.add('@', { id: ada, name: 'Jean-Luc (7.5) [x] a/b' });
  expect(names.toSend('@Jean-Luc (7.5) [x] a/b!')).toBe(`<@${ada}>!`);
});

test('shows a sent text with names, and sends it as it was', () => {
  const names = new WrittenNames();
  const sent = `hello <@${ada}> and <@${other}>`;
  const written = names.toWrite(sent, (_, id) => (id === ada ? 'Ada' : null));
  expect(written).toBe(`hello @Ada and <@${other}>`);
  expect(names.toSend(written)).toBe(sent);
});

test('counts bytes as the server does', () => {
  expect(textBytes('aé🐦')).toBe(7);
});
