/** English, of the part that the file is named after. */
export const keyMapWords = {
  keyMap: {
    title: 'Keys',
    place: { everywhere: 'Everywhere', tree: 'In the rooms', chat: 'In the text' },
    use: {
      showKeys: 'Show these keys',
      openSettings: 'Open the settings',
      toggleOverlay: 'Show or hide the figures of the connection',
      nextPart: 'Go to the next part of the window',
      previousPart: 'Go to the part before',
      close: 'Close what is open',
      moveRow: 'Go to another row',
      foldRow: 'Fold and unfold a room',
      firstLastRow: 'Go to the first or last row',
      joinRoom: 'Join the room',
      readRoom: 'Read the room without joining it',
      openMenu: 'Open the menu of a row',
      send: 'Send',
      newLine: 'Begin a new line',
      editLast: 'Change what you wrote last',
      markText: 'Make it bold; Ctrl I slanted, Ctrl E code',
      searchMessages: 'Search in messages',
      readAll: 'Mark all as read, and go to the newest',
    },
  },
} as const;
