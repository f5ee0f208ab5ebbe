import { expect, test } from 'vitest';
import { NameBook } from './nameBook.js';

const [ada, bob, eve] = ['a', 'b', 'c'].map(
  (digit) => `00000000-0000-8000-8000-00000000000${digit}`,
) as [string, string, string];

test('a name is taken while somebody is here who has it, and by nobody else', () => {
  const book = new NameBook();
  book.arrive(ada, 'Ada');
  expect(book.holderOf('\u0410DA', bob)).toBe('present');
  expect(book.holderOf('Ada', ada)).toBeNull();
  expect(book.holderOf('Adam', bob)).toBeNull();
  book.leave(ada);
  expect(book.holderOf('Ada', bob)).toBeNull();
});

test('whoever changes the name has one, not two', () => {
  const book = new NameBook();
  book.arrive(ada, 'Ada');
  book.arrive(ada, 'Grace');
  expect(book.holderOf('Ada', bob)).toBeNull();
  expect(book.holderOf('grace', bob)).toBe('present');
});

test('a name that is kept is taken whether its user is here or not', () => {
  const book = new NameBook();
  book.keep(ada, 'Alex');
  expect(book.holderOf('AIex', bob)).toBe('registered');
  expect(book.holderOf('Alex', ada)).toBeNull();
  book.keep(ada, 'Ada');
  expect(book.holderOf('Alex', bob)).toBeNull();
  book.giveUp(ada);
  expect(book.holderOf('Ada', bob)).toBeNull();
});

test('whoever a name is kept for may have it though somebody else is here under it', () => {
  const book = new NameBook();
  book.arrive(eve, 'Ada');
  book.keep(ada, 'Ada');
  expect(book.holderOf('Ada', ada)).toBeNull();
  expect(book.holderOf('Ada', eve)).toBe('registered');
});

test('two who share a name do not free it when one of them leaves', () => {
  const book = new NameBook();
  book.arrive(ada, 'Ada');
  book.arrive(eve, 'ada');
  book.leave(eve);
  expect(book.holderOf('Ada', bob)).toBe('present');
});

test('of two who are registered the first one keeps the name', () => {
  const book = new NameBook();
  book.keep(ada, 'Ada');
  book.keep(eve, 'ada');
  expect(book.holderOf('Ada', ada)).toBeNull();
  expect(book.holderOf('ada', eve)).toBe('registered');
});
