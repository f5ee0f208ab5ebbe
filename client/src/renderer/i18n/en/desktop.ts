/** English, of the part that the file is named after. */
export const desktopWords = {
  desktop: {
    title: 'This computer',
    inBrowser: 'These hold where the client has a window of its own, not in a browser.',
    closesToTray: 'Stay when the window is closed',
    closesToTrayHint:
      'You go on hearing and being heard; the mark beside the clock brings the window back.',
    startsWithSystem: 'Start when you log in',
  },
} as const;
