import type { appWords as english } from '../en/app.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const appWords: Translated<typeof english> = {
  app: {
    cancel: 'Abbrechen',
    close: 'Schließen',
    engineGone: 'Die Engine läuft nicht. Sie wird wieder gesucht …',
    loading: 'Wacht auf …',
  },
  server: {
    disconnect: 'Server verlassen',
    ping: '{ms} ms',
    reconnecting: 'Die Verbindung ging verloren. Neuer Versuch …',
    settings: 'Einstellungen',
  },
};
