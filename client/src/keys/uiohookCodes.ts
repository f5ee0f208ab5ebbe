/** Names of uiohook that are not those of `KeyboardEvent.code`. */
const otherNames: Readonly<Record<string, string>> = {
  Ctrl: 'ControlLeft',
  CtrlRight: 'ControlRight',
  Alt: 'AltLeft',
  Shift: 'ShiftLeft',
  Meta: 'MetaLeft',
  // The keys of the number pad while NumLock is off.
  NumpadEnd: 'Numpad1',
  NumpadArrowDown: 'Numpad2',
  NumpadPageDown: 'Numpad3',
  NumpadArrowLeft: 'Numpad4',
  NumpadArrowRight: 'Numpad6',
  NumpadHome: 'Numpad7',
  NumpadArrowUp: 'Numpad8',
  NumpadPageUp: 'Numpad9',
  NumpadInsert: 'Numpad0',
  NumpadDelete: 'NumpadDecimal',
};

/**
 * The `KeyboardEvent.code` of each key of uiohook.
 *
 * @param keys UiohookKey, name → number
 * @returns number → code
 */
export function codesByNumber(keys: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(keys).map(([name, number]) => [number, codeOfName(name)]));
}

function codeOfName(name: string): string {
  if (/^[A-Z]$/.test(name)) return `Key${name}`;
  if (/^\d$/.test(name)) return `Digit${name}`;
  return otherNames[name] ?? name;
}

/** Buttons of uiohook → as `mouseCodes` names them. The left and right one bind nothing. */
export const uiohookMouseCodes: Readonly<Record<number, string>> = {
  3: 'MouseMiddle',
  4: 'MouseBack',
  5: 'MouseForward',
};
