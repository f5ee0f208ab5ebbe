import { modifiers, parseCombination } from '@rookery/client/keys/keyCombination';

/** What stands on a key, by its code, where the system tells it. */
export type KeyLabels = ReadonlyMap<string, string>;

/** Keys that have words in every language: `keys.name.CODE`. */
const spoken = [
  ...['Space', 'Enter', 'Backspace', 'Insert', 'Delete', 'Home', 'End', 'PageUp', 'PageDown'],
  ...['ControlLeft', 'ControlRight', 'AltLeft', 'AltRight', 'ShiftLeft', 'ShiftRight'],
  ...['MouseMiddle', 'MouseBack', 'MouseForward', 'CapsLock', 'Pause', ...modifiers],
] as const;

export type SpokenKey = (typeof spoken)[number];

const arrows: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/**
 * A combination as a person calls it: "Ctrl + Shift + M".
 *
 * @param text as writeCombination() writes it
 * @param say the words of a key that has some
 */
export function nameOfKey(
  text: string,
  labels: KeyLabels,
  say: (key: SpokenKey) => string,
): string {
  const { code, modifiers: held } = parseCombination(text);
  return [...held, code].map((name) => nameOf(name, labels, say)).join(' + ');
}

function nameOf(code: string, labels: KeyLabels, say: (key: SpokenKey) => string): string {
  const known = spoken.find((name) => name === code);
  if (known !== undefined) return say(known);
  const label = labels.get(code)?.toUpperCase();
  if (label !== undefined && label.trim() !== '') return label;
  return arrows[code] ?? code.replace(/^(Key|Digit)(?=.$)/, '').replace(/^Numpad/, 'Num ');
}
