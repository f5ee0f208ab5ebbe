import { pluginKeyAction, type PluginKeyName } from './pluginKeys.js';

/** What a key does that everybody has; or it whispers to a list, or tells a plugin. */
export type OwnAction = 'pushToTalk' | 'toggleMute' | 'toggleDeafen';
export type KeyAction = OwnAction | `whisper:${string}` | `plugin:${string}`;

/** An action and its key, as writeCombination() writes it. */
export interface KeyBinding<Action = KeyAction> {
  readonly action: Action;
  readonly key: string;
}

/** Where keys are kept: those of whisper lists with the lists; '' is none. */
export interface KeptKeys {
  readonly keyBindings: readonly KeyBinding<OwnAction>[];
  readonly whisperLists: readonly { readonly listId: string; readonly key: string }[];
  readonly pluginKeys: readonly PluginKey[];
}

/** The key that the user bound to an action of a plugin. */
export interface PluginKey extends PluginKeyName {
  readonly key: string;
}

/**
 * Keys that are pressed together. A key is named by its place (`KeyboardEvent.code`), not by its
 * letter; the buttons of a mouse are `mouseCodes`.
 */
export interface KeyCombination {
  /** The key that is pressed last. It may be a modifier itself. */
  readonly code: string;
  /** What is held meanwhile, in the order of `modifiers`. */
  readonly modifiers: readonly Modifier[];
}

export type Modifier = 'Ctrl' | 'Alt' | 'Shift' | 'Meta';

export const modifiers = ['Ctrl', 'Alt', 'Shift', 'Meta'] as const satisfies readonly Modifier[];

/** The keys of each modifier, left and right. */
const modifierCodes: Readonly<Record<Modifier, readonly [string, string]>> = {
  Ctrl: ['ControlLeft', 'ControlRight'],
  Alt: ['AltLeft', 'AltRight'],
  Shift: ['ShiftLeft', 'ShiftRight'],
  Meta: ['MetaLeft', 'MetaRight'],
};

/** Buttons of a mouse that can be bound, by `MouseEvent.button`. */
export const mouseCodes: Readonly<Record<number, string>> = {
  1: 'MouseMiddle',
  3: 'MouseBack',
  4: 'MouseForward',
};

/** "Ctrl+Shift+KeyM" */
export function writeCombination({ code, modifiers: held }: KeyCombination): string {
  return [...held, code].join('+');
}

/** Of what writeCombination() wrote; a name that is no modifier's is a key's. */
export function parseCombination(text: string): KeyCombination {
  const names = text.split('+');
  const isHeld = (name: Modifier): boolean => names.slice(0, -1).includes(name);
  return { code: names.at(-1) ?? '', modifiers: modifiers.filter(isHeld) };
}

/** Which modifier a key is, if it is one. */
export function modifierOf(code: string): Modifier | null {
  return modifiers.find((modifier) => modifierCodes[modifier].includes(code)) ?? null;
}

/** Whether a modifier of a combination is among the keys that are down. */
export function isModifierHeld(modifier: Modifier, down: ReadonlySet<string>): boolean {
  return modifierCodes[modifier].some((code) => down.has(code));
}

/** Codes of keys that write, edit or move in a text: these, and those that begin so. */
const writingCodes: readonly string[] = [
  ...['Backquote', 'Backslash', 'Backspace', 'Comma', 'Delete', 'End', 'Enter', 'Equal', 'Escape'],
  ...['Home', 'Insert', 'Minus', 'PageDown', 'PageUp', 'Period', 'Quote', 'Semicolon', 'Slash'],
  ...['Space', 'Tab'],
];
const writingCode = /^(?:Key|Digit|Numpad|Arrow|Bracket|Shift|Intl)/;

/**
 * Whether pressing it does something to a text that is being written. With AltGr, the right one of
 * the Alt keys, letters write, too.
 *
 * @param down all keys that are down
 */
export function writesText(
  { code, modifiers: held }: KeyCombination,
  down: ReadonlySet<string>,
): boolean {
  const isChord = held.some((modifier) => modifier !== 'Shift');
  const writes = writingCode.test(code) || writingCodes.includes(code);
  return writes && (!isChord || down.has('AltRight'));
}

/** All keys that are bound. */
export function bindingsOf({ keyBindings, whisperLists, pluginKeys }: KeptKeys): KeyBinding[] {
  const whispers = whisperLists
    .filter(({ key }) => key !== '')
    .map(({ listId, key }) => ({ action: `whisper:${listId}`, key }) as const);
  const ofPlugins = pluginKeys.map((one) => ({ action: pluginKeyAction(one), key: one.key }));
  return [...keyBindings, ...whispers, ...ofPlugins];
}

/** Every key that has to do with one of these bindings. Of no other key is anything to be known. */
export function codesOf(bindings: readonly KeyBinding[]): string[] {
  const codes = bindings.flatMap(({ key }) => {
    const { code, modifiers: held } = parseCombination(key);
    return [code, ...held.flatMap((modifier) => modifierCodes[modifier])];
  });
  return [...new Set(codes)];
}
