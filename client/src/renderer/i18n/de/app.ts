import type { appWords as english } from '../en/app.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const appWords: Translated<typeof english> = {
  app: {
    cancel: 'Abbrechen',
    close: 'Schließen',
    engineGone: 'Die Engine läuft nicht. Sie wird wieder gesucht …',
    loading: 'Wacht auf …',
    settingsFault: {
      broken:
        'Teile von {file} ergaben keinen Sinn: dafür gilt das Übliche. Die Datei liegt als {copy} bereit.',
      overtaken:
        '{file} wurde bearbeitet, während sie geschrieben wurde. Die Bearbeitung liegt als {copy} bereit.',
      stands:
        'Was in {file} bearbeitet wurde, ergibt keinen Sinn; es bleibt beim Alten. Berichtige es dort.',
    },
  },
  server: {
    disconnect: 'Server verlassen',
    ping: '{ms} ms',
    reconnecting: 'Die Verbindung ging verloren. Neuer Versuch …',
    settings: 'Einstellungen',
  },
};
