/** A key, or several that do the same, and what that is. */
export interface KeyUse {
  /** As pressName() gives them. */
  readonly presses: readonly string[];
  /** Its words are `keyMap.use.ID`. */
  readonly id: string;
}

/** Keys of one place of the window, whose title is `keyMap.place.ID`. */
interface KeyPlace {
  readonly id: string;
  readonly uses: readonly KeyUse[];
}

/**
 * Every key of the window: the page acts by this table (useOfKey), and shows it. What one binds
 * oneself stands in the settings; what menus, lists, sliders and dialogs do with keys is as
 * everywhere (ARIA Authoring Practices Guide).
 */
export const keyMap = [
  {
    id: 'everywhere',
    uses: [
      { presses: ['?'], id: 'showKeys' },
      { presses: ['Ctrl+,'], id: 'openSettings' },
      { presses: ['Ctrl+f'], id: 'searchMessages' },
      { presses: ['Ctrl+.'], id: 'showMe' },
      { presses: ['F3'], id: 'toggleOverlay' },
      { presses: ['F6'], id: 'nextPart' },
      { presses: ['Shift+F6'], id: 'previousPart' },
      { presses: ['F8'], id: 'togglePanel' },
      { presses: ['Shift+F8'], id: 'toggleRooms' },
      { presses: ['Escape'], id: 'close' },
    ],
  },
  {
    id: 'tree',
    uses: [
      { presses: ['ArrowUp', 'ArrowDown'], id: 'moveRow' },
      { presses: ['ArrowLeft', 'ArrowRight'], id: 'foldRow' },
      { presses: ['*'], id: 'openAll' },
      { presses: ['Home', 'End'], id: 'firstLastRow' },
      { presses: ['Enter'], id: 'joinRoom' },
      { presses: [' '], id: 'readRoom' },
      { presses: ['Ctrl+x'], id: 'carry' },
      { presses: ['Ctrl+v'], id: 'drop' },
      { presses: ['Escape'], id: 'letGo' },
      { presses: ['Alt+ArrowUp', 'Alt+ArrowDown'], id: 'moveRoom' },
      { presses: ['Shift+F10'], id: 'openMenu' },
    ],
  },
  {
    id: 'history',
    uses: [
      { presses: ['ArrowUp', 'ArrowDown'], id: 'moveMessage' },
      { presses: ['End'], id: 'toNewest' },
      { presses: ['Delete', 'Shift+Delete'], id: 'deleteMessage' },
      { presses: ['Escape'], id: 'readAll' },
    ],
  },
  {
    id: 'writing',
    uses: [
      { presses: ['Enter', 'Ctrl+Enter'], id: 'send' },
      { presses: ['Shift+Enter'], id: 'newLine' },
      { presses: ['ArrowUp'], id: 'editLast' },
      { presses: ['Escape'], id: 'giveUp' },
      { presses: ['Ctrl+b'], id: 'bold' },
      { presses: ['Ctrl+i'], id: 'slanted' },
      { presses: ['Ctrl+e'], id: 'code' },
    ],
  },
  {
    id: 'names',
    uses: [
      { presses: ['ArrowUp', 'ArrowDown'], id: 'chooseName' },
      { presses: ['Enter', 'Tab'], id: 'takeName' },
      { presses: ['Escape'], id: 'noName' },
    ],
  },
  {
    id: 'access',
    uses: [
      { presses: ['+'], id: 'grant' },
      { presses: ['-'], id: 'deny' },
      { presses: ['Delete', 'Backspace'], id: 'sayNothing' },
    ],
  },
  {
    id: 'elsewhere',
    uses: [
      { presses: ['Alt+ArrowUp', 'Alt+ArrowDown'], id: 'moveServer' },
      { presses: ['Ctrl+z'], id: 'undoSetting' },
    ],
  },
] as const satisfies readonly KeyPlace[];

type Place = (typeof keyMap)[number];

/** What a key does in a place. */
export type UseId<P extends Place['id']> = Extract<Place, { id: P }>['uses'][number]['id'];

/** As much of a KeyboardEvent as names it. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** What a key of a place does; null where it does nothing there. Pure. */
export function useOfKey<P extends Place['id']>(place: P, event: KeyPress): UseId<P> | null {
  const name = pressName(event);
  const { uses } = keyMap.find(({ id }) => id === place)!;
  const all: readonly KeyUse[] = uses;
  return (all.find(({ presses }) => presses.includes(name))?.id ?? null) as UseId<P> | null;
}

/** "Ctrl+f", "Shift+F6", "?": Shift counts where the sign does not tell of it. Pure. */
export function pressName({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): string {
  const isSign = /^.$/u.test(key);
  const isCommand = ctrlKey || metaKey;
  return [
    ...(isCommand ? ['Ctrl'] : []),
    ...(altKey ? ['Alt'] : []),
    ...(shiftKey && !(isSign && key !== ' ' && !isLetter(key)) ? ['Shift'] : []),
    isSign ? key.toLowerCase() : key,
  ].join('+');
}

/** What stands on the keys of a German or English keyboard, in the order of pressing. Pure. */
export function keysOfPress(press: string): readonly string[] {
  return press
    .split(/\+(?!$)/)
    .map((key) => signs[key] ?? (isLetter(key) ? key.toUpperCase() : key));
}

const signs: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Delete: 'Del',
  Backspace: '⌫',
  ' ': 'Space',
};

function isLetter(key: string): boolean {
  return /^\p{L}$/u.test(key);
}
