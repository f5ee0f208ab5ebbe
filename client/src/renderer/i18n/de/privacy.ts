import type { privacyWords as english } from '../en/privacy.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const privacyWords: Translated<typeof english> = {
  privacy: {
    told: 'Was andere erfahren',
    readMarks:
      'In Gesprächen sehen andere, wie weit du gelesen hast. Server brauchen das, um für dich zu zählen, was neu ist, darum lässt es sich nicht abschalten.',
    kept: 'Was auf diesem Rechner liegt',
    history:
      'Kein Verlauf: was geschrieben wurde, bleibt auf dem Server. Nur Nachrichten, die noch nicht weg sind, warten hier.',
    recent: 'Server, auf denen du zuletzt warst',
    noRecent: 'Keine.',
    clearRecent: 'Liste leeren',
    cleared: 'Die Liste ist leer.',
    known: 'Server, deren Schlüssel bekannt ist',
    knownHint:
      'Zeigt einer davon einen anderen Schlüssel, wirst du gewarnt. Vergessene triffst du wie zum ersten Mal.',
    noKnown: 'Noch keine.',
    forget: '{server} vergessen',
    forgetAll: 'Alle vergessen',
    forgetAllWords:
      'Du wirst nach jedem Server wieder gefragt, und ein geänderter Schlüssel fällt beim nächsten Mal nicht auf.',
    since: 'seit {time}',
    calls: 'Wer dich anrufen darf',
    callsWords:
      'Alle, die mit dir in einem Gespräch sind; verlasse das Gespräch, um das zu beenden.',
  },
};
