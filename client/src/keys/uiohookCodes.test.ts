import { expect, test } from 'vitest';
import { codesByNumber } from './uiohookCodes.js';

test('names keys as pages do', () => {
  // As UiohookKey of uiohook-napi has them.
  const keys = { A: 30, 1: 2, Ctrl: 29, AltRight: 3640, F5: 63, Backquote: 41, NumpadEnd: 61007 };
  expect([...codesByNumber(keys).values()].toSorted()).toEqual(
    ['AltRight', 'Backquote', 'ControlLeft', 'Digit1', 'F5', 'KeyA', 'Numpad1'].toSorted(),
  );
  expect(codesByNumber(keys).get(30)).toBe('KeyA');
});
