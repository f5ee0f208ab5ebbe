/** English, of the part that the file is named after. */
export const appWords = {
  app: {
    cancel: 'Cancel',
    close: 'Close',
    engineGone: 'The engine is not running. Looking for it again …',
    loading: 'Waking up …',
    settingsFault: {
      broken:
        'Parts of {file} made no sense: the usual holds in their place. It is kept as {copy}.',
      overtaken: '{file} was edited while it was written. The edit is kept as {copy}.',
      stands: 'What was edited in {file} makes no sense, so nothing has changed. Correct it there.',
    },
  },
  server: {
    disconnect: 'Leave the server',
    ping: '{ms} ms',
    reconnecting: 'The connection was lost. Trying again …',
    settings: 'Settings',
  },
} as const;
