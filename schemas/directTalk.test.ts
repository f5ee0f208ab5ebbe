import { expect, test } from 'vitest';
import { directTalkId } from './directTalk.js';

const [ada, bob, cleo] = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`) as [
  string,
  string,
  string,
];

test('a pair has one talk, in whichever order it is named, and always the same', () => {
  expect(directTalkId(bob, ada)).toBe(directTalkId(ada, bob));
  expect(directTalkId(ada, bob)).toBe('b033ab76-7c1a-5687-a2e6-897257278e3f');
});

test('pairs have talks of their own', () => {
  const ids = [directTalkId(ada, bob), directTalkId(ada, cleo), directTalkId(bob, cleo)];
  expect(new Set([...ids, directTalkId(ada, ada)]).size).toBe(4);
});
