import type { settingsWords as english } from '../en/settings.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const settingsWords: Translated<typeof english> = {
  settings: {
    title: 'Einstellungen',
    pages: 'Seiten der Einstellungen',
    search: 'Einstellung suchen',
    found:
      'Keine Einstellung gefunden | Eine Einstellung gefunden | {count} Einstellungen gefunden',
    nothingFound: 'So heißt keine Einstellung. Versuch ein anderes Wort.',
    results: 'Gefundene Einstellungen',
    exactly: '{setting}, genau',
    appliesAtOnce: 'Änderungen gelten sofort.',
    changed: 'Geändert: {setting}',
    undo: 'Rückgängig',
    undoKeys: 'Strg+Z',
    page: {
      keys: 'Tasten',
      notifications: 'Hinweise und Klänge',
      sound: 'Ton',
      appearance: 'Aussehen und Privates',
      developer: 'Entwicklung',
    },
    appearance: 'Aussehen',
    theme: 'Farben',
    dark: 'Dunkel',
    light: 'Hell',
    system: 'Wie das System',
    density: 'Zeilen',
    comfortable: 'Bequem',
    compact: 'Dicht',
    fontSize: 'Schriftgröße',
    language: 'Sprache',
    privacy: 'Privates',
    showsTyping: 'Anderen sagen, dass ich schreibe',
  },
};
