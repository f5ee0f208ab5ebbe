import { describe, expect, test } from 'vitest';
import { conflictsOf, keyOf, withKey } from './keyBindings.js';
import { KeyCapture, type KeyStroke } from './keyCapture.js';
import { nameOfKey } from './keyNames.js';

const stroke = (code: string, held: Partial<KeyStroke> = {}): KeyStroke => ({
  ...{ code, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false },
  ...held,
});

describe('pressing a key to bind it', () => {
  test('takes a key, and what is held with it', () => {
    expect(new KeyCapture().down(stroke('KeyV'))).toBe('KeyV');
    const capture = new KeyCapture();
    expect(capture.down(stroke('ShiftLeft', { shiftKey: true }))).toBeNull();
    const both = { shiftKey: true, ctrlKey: true };
    expect(capture.down(stroke('KeyM', both))).toBe('Ctrl+Shift+KeyM');
  });

  test('takes a modifier that goes up alone', () => {
    const capture = new KeyCapture();
    expect(capture.down(stroke('ControlRight', { ctrlKey: true }))).toBeNull();
    expect(capture.up(stroke('ControlRight'))).toBe('ControlRight');
  });

  test('takes no key that has no name', () => {
    expect(new KeyCapture().down(stroke(''))).toBeNull();
    expect(new KeyCapture().up(stroke(''))).toBeNull();
  });
});

test('an action has one key, and says who else has it', () => {
  const talk = { action: 'pushToTalk', key: 'KeyV' } as const;
  const keyBindings = withKey(withKey([talk], 'toggleMute', 'KeyV'), 'toggleDeafen', 'F9');
  const whisperLists = [{ listId: 'friends', key: 'F9' }];
  const kept = { keyBindings, whisperLists, pluginKeys: [] };
  expect(keyOf(kept, 'toggleMute')).toBe('KeyV');
  expect(conflictsOf(kept, 'toggleMute')).toEqual(['pushToTalk']);
  expect(conflictsOf(kept, 'toggleDeafen')).toEqual(['whisper:friends']);
  expect(conflictsOf(kept, 'whisper:strangers')).toEqual([]);
  const other = withKey(keyBindings, 'pushToTalk', 'F1');
  expect(other.filter(({ action }) => action === 'pushToTalk')).toEqual([{ ...talk, key: 'F1' }]);
  expect(withKey([talk], 'pushToTalk', null)).toEqual([]);
});

test.each([
  ['Ctrl+Shift+KeyZ', 'Ctrl! + Shift! + Y'],
  ['Digit1', '1'],
  ['Numpad1', 'Num 1'],
  ['ArrowUp', '↑'],
  ['F13', 'F13'],
  ['Space', 'Space!'],
])('calls %s as people do', (key, name) => {
  const german = new Map([['KeyZ', 'y']]);
  expect(nameOfKey(key, german, (spoken) => `${spoken}!`)).toBe(name);
});
