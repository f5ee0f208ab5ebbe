import type { desktopWords as english } from '../en/desktop.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const desktopWords: Translated<typeof english> = {
  desktop: {
    title: 'Dieser Rechner',
    inBrowser: 'Das gilt, wo Rookery ein eigenes Fenster hat, nicht in einem Browser.',
    closesToTray: 'Bleiben, wenn das Fenster geschlossen wird',
    closesToTrayHint:
      'Du hörst weiter und wirst gehört; das Zeichen neben der Uhr holt das Fenster zurück.',
    startsWithSystem: 'Starten, wenn du dich anmeldest',
  },
};
