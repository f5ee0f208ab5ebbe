/** English, of the part that the file is named after. */
export const appWords = {
  app: {
    cancel: 'Cancel',
    close: 'Close',
    engineGone: 'The engine is not running. Looking for it again …',
    loading: 'Waking up …',
  },
  server: {
    disconnect: 'Leave the server',
    ping: '{ms} ms',
    reconnecting: 'The connection was lost. Trying again …',
    settings: 'Settings',
  },
} as const;
