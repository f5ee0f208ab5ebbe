import type { keyMapWords as english } from '../en/keyMap.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const keyMapWords: Translated<typeof english> = {
  keyMap: {
    title: 'Tasten',
    place: { everywhere: 'Überall', tree: 'In den Räumen', chat: 'Im Text' },
    use: {
      showKeys: 'Diese Tasten zeigen',
      openSettings: 'Einstellungen öffnen',
      toggleOverlay: 'Werte der Verbindung ein- und ausblenden',
      nextPart: 'Zum nächsten Teil des Fensters',
      previousPart: 'Zum Teil davor',
      close: 'Schließen, was offen ist',
      moveRow: 'Zu einer anderen Zeile',
      foldRow: 'Raum auf- und zuklappen',
      firstLastRow: 'Zur ersten oder letzten Zeile',
      joinRoom: 'Raum betreten',
      readRoom: 'Raum lesen, ohne ihn zu betreten',
      openMenu: 'Menü einer Zeile öffnen',
      send: 'Senden',
      newLine: 'Neue Zeile beginnen',
      editLast: 'Ändern, was du zuletzt geschrieben hast',
      markText: 'Fett schreiben; Strg I kursiv, Strg E Code',
      searchMessages: 'In Nachrichten suchen',
      readAll: 'Alles als gelesen markieren und zum Neuesten',
    },
  },
};
