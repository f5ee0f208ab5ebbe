import type { tableWords as english } from '../en/table.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const tableWords: Translated<typeof english> = {
  table: {
    filter: 'In der Tabelle suchen',
    refresh: 'Neu lesen',
    again: 'Noch einmal versuchen',
    chosen: 'nichts gewählt | eine Zeile gewählt | {n} Zeilen gewählt',
    choose: '{name} wählen',
    chooseAll: 'Alle wählen',
    actions: 'Aktionen',
    actionsOf: 'Was man mit {name} tun kann',
    reading: 'Wird gelesen …',
    nothingFound: 'Nichts passt zur Suche.',
    more: 'Frühere zeigen',
  },
};
