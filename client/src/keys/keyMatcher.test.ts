import { beforeEach, describe, expect, test } from 'vitest';
import {
  bindingsOf,
  codesOf,
  parseCombination,
  writeCombination,
  type KeyBinding,
} from './keyCombination.js';
import { KeyMatcher } from './keyMatcher.js';

let done: string[];
let matcher: KeyMatcher;

beforeEach(() => {
  done = [];
  matcher = new KeyMatcher((action, isDown) => done.push(`${action} ${isDown ? 'down' : 'up'}`));
});

const talk: KeyBinding = { action: 'pushToTalk', key: 'KeyV' };
const mute: KeyBinding = { action: 'toggleMute', key: 'Ctrl+KeyM' };
const deafen: KeyBinding = { action: 'toggleDeafen', key: 'Ctrl+Shift+KeyM' };

describe('a bound key', () => {
  test('begins and ends its action, and its repetitions are none', () => {
    matcher.bind([talk]);
    for (let i = 0; i < 5; i++) expect(matcher.press('KeyV')).toBe(true);
    matcher.release('KeyV');
    expect(done).toEqual(['pushToTalk down', 'pushToTalk up']);
  });

  test('works whatever else is held', () => {
    matcher.bind([talk]);
    for (const code of ['ShiftLeft', 'KeyW', 'KeyV']) matcher.press(code);
    matcher.release('KeyW');
    expect(done).toEqual(['pushToTalk down']);
  });

  test('may be a modifier alone', () => {
    matcher.bind([{ action: 'pushToTalk', key: 'ControlRight' }]);
    matcher.press('ControlLeft');
    matcher.press('ControlRight');
    matcher.release('ControlLeft');
    expect(done).toEqual(['pushToTalk down']);
    matcher.release('ControlRight');
    expect(done).toEqual(['pushToTalk down', 'pushToTalk up']);
  });

  test('no other key does anything', () => {
    matcher.bind([talk, mute]);
    for (const code of ['KeyM', 'KeyB', 'ControlLeft']) expect(matcher.press(code)).toBe(false);
    expect(done).toEqual([]);
  });
});

describe('several keys', () => {
  test.each(['ControlLeft', 'ControlRight'])('take %s for Ctrl', (ctrl) => {
    matcher.bind([mute]);
    matcher.press(ctrl);
    matcher.press('KeyM');
    expect(done).toEqual(['toggleMute down']);
  });

  test('end with any of them, but for the other of two modifiers', () => {
    matcher.bind([mute]);
    for (const code of ['ControlLeft', 'ControlRight', 'KeyM']) matcher.press(code);
    matcher.release('ControlLeft');
    expect(done).toEqual(['toggleMute down']);
    matcher.release('ControlRight');
    expect(done).toEqual(['toggleMute down', 'toggleMute up']);
    matcher.release('KeyM');
    expect(done).toHaveLength(2);
  });

  test('hold before fewer of them', () => {
    matcher.bind([mute, deafen, { action: 'pushToTalk', key: 'KeyM' }]);
    for (const code of ['ShiftLeft', 'ControlLeft', 'KeyM']) matcher.press(code);
    expect(done).toEqual(['toggleDeafen down']);
  });

  test('of two actions do both', () => {
    matcher.bind([mute, { ...mute, action: 'whisper:friends' }]);
    matcher.press('ControlLeft');
    matcher.press('KeyM');
    expect(done).toEqual(['toggleMute down', 'whisper:friends down']);
  });
});

describe('while one writes', () => {
  const bound: readonly KeyBinding[] = [
    talk,
    mute,
    { action: 'toggleDeafen', key: 'F9' },
    { action: 'whisper:a', key: 'Shift+KeyM' },
    { action: 'whisper:b', key: 'ControlRight' },
    { action: 'whisper:c', key: 'Ctrl+Alt+KeyQ' },
    { action: 'whisper:d', key: 'Space' },
    { action: 'whisper:e', key: 'ShiftLeft' },
  ];

  test.each([
    [['KeyV'], []],
    [['Space'], []],
    [['ShiftLeft', 'KeyM'], []],
    [['ControlLeft', 'KeyM'], ['toggleMute down']],
    [['F9'], ['toggleDeafen down']],
    [['ControlRight'], ['whisper:b down']],
    [['ControlLeft', 'AltLeft', 'KeyQ'], ['whisper:c down']],
    // AltGr of Windows: @ on a German keyboard.
    [['ControlLeft', 'AltRight', 'KeyQ'], []],
  ])('%j does what no letter does', (codes, expected) => {
    matcher.bind(bound);
    matcher.isWriting = true;
    for (const code of codes) matcher.press(code);
    expect(done).toEqual(expected);
  });

  test('what is held goes on, and ends', () => {
    matcher.bind(bound);
    matcher.press('KeyV');
    matcher.isWriting = true;
    expect(done).toEqual(['pushToTalk down']);
    matcher.release('KeyV');
    expect(done).toEqual(['pushToTalk down', 'pushToTalk up']);
  });
});

test('what is held ends when nobody sees the keys any more, or others hold', () => {
  matcher.bind([talk]);
  matcher.press('KeyV');
  matcher.releaseAll();
  matcher.press('KeyV');
  matcher.bind([mute]);
  expect(done).toEqual(['pushToTalk down', 'pushToTalk up', 'pushToTalk down', 'pushToTalk up']);
});

test('what is held goes on where other keys change', () => {
  matcher.bind([talk]);
  matcher.press('KeyV');
  matcher.bind([mute, { ...talk }]);
  expect(done).toEqual(['pushToTalk down']);
  matcher.release('KeyV');
  expect(done).toHaveLength(2);
});

test('combinations are read as they were written', () => {
  for (const key of ['KeyV', 'Ctrl+Alt+Shift+Meta+F1', 'ControlLeft', 'MouseBack']) {
    expect(writeCombination(parseCombination(key))).toBe(key);
  }
  expect(parseCombination('Nonsense+KeyA')).toEqual({ code: 'KeyA', modifiers: [] });
});

test('only keys of bindings are to be known of', () => {
  expect(codesOf([talk, mute, mute])).toEqual(['KeyV', 'KeyM', 'ControlLeft', 'ControlRight']);
  expect(codesOf([])).toEqual([]);
});

test('whisper lists and plugins bring their keys', () => {
  const whisperLists = [
    { listId: 'friends', key: 'F5' },
    { listId: 'strangers', key: '' },
  ];
  const keyBindings = [{ action: 'pushToTalk', key: 'KeyV' }] as const;
  const pluginKeys = [{ plugin: 'robot', name: 'toggle', key: 'F6' }];
  expect(bindingsOf({ keyBindings, whisperLists, pluginKeys })).toEqual([
    { action: 'pushToTalk', key: 'KeyV' },
    { action: 'whisper:friends', key: 'F5' },
    { action: 'plugin:robot:toggle', key: 'F6' },
  ]);
});
