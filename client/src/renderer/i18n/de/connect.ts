import type { connectWords as english } from '../en/connect.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const connectWords: Translated<typeof english> = {
  connect: {
    title: 'Wohin?',
    subtitle: 'Server, die du behalten hast, oder ein neuer.',
    address: 'Adresse',
    addressHint: 'talk.example.org oder eine Einladung',
    nickname: 'Dein Name dort',
    password: 'Passwort des Servers',
    go: 'Verbinden',
    going: 'Verbinde mit {address} …',
    cancel: 'Abbrechen',
    keep: 'Diesen Server behalten',
    kept: 'Behaltene Server',
    none: 'Noch keine: behalte einen, wenn du dich mit ihm verbindest.',
    remove: '{label} vergessen',
    changedTitle: 'Dieser Server zeigt einen anderen Schlüssel als zuvor',
    changedWords:
      'Vielleicht steht jemand zwischen dir und dem Server, oder er wurde neu aufgesetzt. Frage den Besitzer auf anderem Weg nach dem Fingerabdruck und mache nur weiter, wenn es der hier gezeigte ist.',
    changedAccept: 'Der Fingerabdruck, der dir gesagt wurde',
    passphrase: 'Passphrase der Identität „{name}“',
    unlock: 'Öffnen',
  },
  fault: {
    unreachable: 'Der Server antwortet nicht. Stimmt die Adresse, und läuft der Server?',
    wrongPassword: 'Der Server will ein Passwort oder ein anderes.',
    invitationNeeded: 'Dieser Server lässt ein, wer eine Einladung hat.',
    serverBusy: 'Der Server ist voll oder beschäftigt. Versuche es gleich noch einmal.',
    tryAgain: 'Noch einmal',
  },
};
