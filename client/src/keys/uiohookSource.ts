import type * as Uiohook from 'uiohook-napi';
import { KeySourceError, type KeySource } from './keysService.js';
import { codesByNumber, uiohookMouseCodes } from './uiohookCodes.js';

/**
 * Keys of all windows, by uiohook. Without a display to ask the library ends the whole process, so
 * nothing else may live in it.
 */
export const uiohookSource: KeySource = {
  async open(onKey) {
    const { uIOhook, UiohookKey } = await loadUiohook();
    const codes = codesByNumber(UiohookKey);
    const tellKey = (keycode: number, isDown: boolean): void => {
      const code = codes.get(keycode);
      if (code !== undefined) onKey(code, isDown);
    };
    const tellButton = (button: unknown, isDown: boolean): void => {
      const code = typeof button === 'number' ? uiohookMouseCodes[button] : undefined;
      if (code !== undefined) onKey(code, isDown);
    };
    uIOhook.on('keydown', ({ keycode }) => tellKey(keycode, true));
    uIOhook.on('keyup', ({ keycode }) => tellKey(keycode, false));
    uIOhook.on('mousedown', ({ button }) => tellButton(button, true));
    uIOhook.on('mouseup', ({ button }) => tellButton(button, false));
    try {
      uIOhook.start();
    } catch (cause) {
      throw new KeySourceError(process.platform === 'darwin' ? 'notAllowed' : 'noDisplay', {
        cause,
      });
    }
  },
};

async function loadUiohook(): Promise<typeof Uiohook> {
  try {
    return await import('uiohook-napi');
  } catch (cause) {
    throw new KeySourceError('notInstalled', { cause });
  }
}
