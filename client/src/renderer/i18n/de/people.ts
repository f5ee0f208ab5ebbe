import type { peopleWords as english } from '../en/people.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const peopleWords: Translated<typeof english> = {
  person: {
    talking: 'spricht',
    muted: 'hat das Mikrofon stumm',
    deafened: 'hört nichts',
    mutedByModerator: 'wurde von der Moderation stumm geschaltet',
    priority: 'spricht mit Vorrang',
    away: 'abwesend',
    idle: 'nicht am Rechner',
    reconnecting: 'kommt zurück',
    you: 'du',
  },
  members: { title: 'In diesem Raum' },
};
