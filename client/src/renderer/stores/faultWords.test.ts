import { expect, test } from 'vitest';
import { de } from '../i18n/de.js';
import { en } from '../i18n/en.js';
import { detailOfFault, faultKinds, wordsOfFault } from './faultWords.js';

const connecting = Object.entries(faultKinds).flatMap(([code, kind]) =>
  kind === 'connecting' ? [code as keyof typeof en.fault] : [],
);

test.each([
  ['English', en],
  ['German', de],
])('every fault of connecting says in %s what happened and what to do next', (_, words) => {
  for (const code of connecting) {
    const said = words.fault[code] as { readonly what: string; readonly next: string };
    expect(said.what.length, code).toBeGreaterThan(10);
    expect(said.next.length, code).toBeGreaterThan(10);
  }
  expect(connecting.length).toBeGreaterThan(20);
});

test('other faults are told in the words of the engine', () => {
  const t = (key: string) => key;
  expect(wordsOfFault({ code: 'noSuchRoom', message: 'there is none' }, t)).toBe('there is none');
  const unreachable = wordsOfFault({ code: 'unreachable', message: 'x' }, t);
  expect(unreachable).toBe('fault.unreachable.what fault.unreachable.next');
});

test('what a moderator or a server wrote stands beside our words', () => {
  const banned = { code: 'banned', message: 'x', facts: { note: 'shouting' } } as const;
  expect(detailOfFault(banned)).toBe('shouting');
  expect(detailOfFault({ code: 'awaitingApproval', message: 'denied' })).toBe('denied');
  expect(detailOfFault({ code: 'unreachable', message: 'x' })).toBeNull();
});
