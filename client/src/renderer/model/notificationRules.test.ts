import { expect, test } from 'vitest';
import { howToTell, type ArrivedMessage, type NoticeWishes } from './notificationRules.js';

const said: ArrivedMessage = { isOwn: false, isDirect: false, isMention: false, isSeen: false };
const wishes: NoticeWishes = {
  placeLevel: null,
  usualLevel: 'all',
  isDoNotDisturb: false,
  showsDesktopNotices: true,
  readsAloud: 'none',
};
const away = false;
const nothing = { sound: null, isOnDesktop: false, isReadAloud: false };

test('tells of a message by sound, and outside of the window while it is not looked at', () => {
  expect(howToTell(said, wishes, away)).toMatchObject({ sound: 'message', isOnDesktop: true });
  expect(howToTell(said, wishes, true)).toMatchObject({ sound: 'message', isOnDesktop: false });
});

test('plays nothing for what one sees come', () => {
  expect(howToTell({ ...said, isSeen: true }, wishes, true)).toEqual(nothing);
});

test('tells nobody of what they wrote', () => {
  expect(howToTell({ ...said, isOwn: true, isMention: true }, wishes, away)).toEqual(nothing);
});

test('tells of nothing to who does not want to be disturbed', () => {
  const quiet = { ...wishes, isDoNotDisturb: true, readsAloud: 'all' } as const;
  expect(howToTell({ ...said, isDirect: true, isMention: true }, quiet, away)).toEqual(nothing);
});

test('has a sound of its own for each kind', () => {
  expect(howToTell({ ...said, isMention: true }, wishes, away).sound).toBe('mention');
  expect(howToTell({ ...said, isDirect: true }, wishes, away).sound).toBe('directMessage');
});

test.each([
  ['mentions', { isMention: false }, false],
  ['mentions', { isMention: true }, true],
  ['none', { isMention: true }, false],
  ['all', {}, true],
] as const)('heeds that a room tells of %s: %j', (placeLevel, more, isTold) => {
  const told = howToTell({ ...said, ...more }, { ...wishes, placeLevel }, away);
  expect(told.isOnDesktop).toBe(isTold);
  expect(told.sound !== null).toBe(isTold);
});

test('takes the level of a room before the usual one', () => {
  const told = howToTell(said, { ...wishes, usualLevel: 'none', placeLevel: 'all' }, away);
  expect(told.isOnDesktop).toBe(true);
});

test('tells of talks also where rooms tell of nothing, but not of one that was muted', () => {
  const direct = { ...said, isDirect: true };
  expect(howToTell(direct, { ...wishes, usualLevel: 'none' }, away).isOnDesktop).toBe(true);
  expect(howToTell(direct, { ...wishes, placeLevel: 'none' }, away)).toEqual(nothing);
});

test('reads aloud what was asked for', () => {
  const aloud = (readsAloud: NoticeWishes['readsAloud'], more: Partial<ArrivedMessage>) =>
    howToTell({ ...said, ...more }, { ...wishes, readsAloud }, true).isReadAloud;
  expect(aloud('none', { isMention: true })).toBe(false);
  expect(aloud('mentions', {})).toBe(false);
  expect(aloud('mentions', { isMention: true })).toBe(true);
  expect(aloud('mentions', { isDirect: true })).toBe(true);
  expect(aloud('all', { isSeen: true })).toBe(true);
  expect(aloud('all', { isOwn: true })).toBe(false);
});
