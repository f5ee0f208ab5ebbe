/** A key, or several at once, and what it does. */
export interface KeyUse {
  /** As they stand on the keys of a German or English keyboard, in the order of pressing. */
  readonly keys: readonly string[];
  /** Its words are `keyMap.use.ID`. */
  readonly id: string;
}

/** Keys of one place of the window, whose title is `keyMap.place.ID`. */
export interface KeyPlace {
  readonly id: string;
  readonly uses: readonly KeyUse[];
}

/** Every key of the window. What one binds oneself stands in the settings. */
export const keyMap = [
  {
    id: 'everywhere',
    uses: [
      { keys: ['?'], id: 'showKeys' },
      { keys: ['Ctrl', ','], id: 'openSettings' },
      { keys: ['F3'], id: 'toggleOverlay' },
      { keys: ['F6'], id: 'nextPart' },
      { keys: ['Shift', 'F6'], id: 'previousPart' },
      { keys: ['Esc'], id: 'close' },
    ],
  },
  {
    id: 'tree',
    uses: [
      { keys: ['↑', '↓'], id: 'moveRow' },
      { keys: ['←', '→'], id: 'foldRow' },
      { keys: ['Home', 'End'], id: 'firstLastRow' },
      { keys: ['Enter'], id: 'joinRoom' },
      { keys: ['Space'], id: 'readRoom' },
      { keys: ['Shift', 'F10'], id: 'openMenu' },
    ],
  },
  {
    id: 'chat',
    uses: [
      { keys: ['Enter'], id: 'send' },
      { keys: ['Shift', 'Enter'], id: 'newLine' },
      { keys: ['↑'], id: 'editLast' },
      { keys: ['Ctrl', 'B'], id: 'markText' },
      { keys: ['Ctrl', 'F'], id: 'searchMessages' },
      { keys: ['Esc'], id: 'readAll' },
    ],
  },
] as const satisfies readonly KeyPlace[];
