import type { identitiesWords as english } from '../en/identities.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const identitiesWords: Translated<typeof english> = {
  identities: {
    intro:
      'Eine Identität ist ein Schlüssel. Sie ist, wer du bist: dein Name, deine Rechte und Nachrichten auf einem Server gehören zu ihr. Wie du sie hier nennst, erfährt kein Server.',
    list: 'Deine Identitäten',
    default: 'sonst überall benutzt',
    locked: 'hat eine Passphrase',
    broken: 'ihre Datei ist nicht zu gebrauchen',
    usedAt: 'bei {servers}',
    menu: 'Was mit {name} zu tun ist',
    makeDefault: 'Sonst überall benutzen',
    rename: 'Umbenennen …',
    export: 'Sichern …',
    passphrase: 'Passphrase …',
    remove: 'Löschen …',
    create: 'Neue Identität …',
    import: 'Importieren …',
    name: 'Name',
    nameHint: 'Kleine Buchstaben a bis z, Ziffern, - und _; bis zu 32.',
    newPassphrase: 'Neue Passphrase',
    newPassphraseHint: 'Wer die Datei hat, braucht sie auch. Niemand kann sie dir zurückgeben.',
    noPassphraseHint: 'Leer: ohne kann, wer deine Dateien lesen kann, du sein.',
    oldPassphrase: 'Jetzige Passphrase',
    itsPassphrase: 'Ihre Passphrase',
    sealedHint: 'Die Sicherung öffnet sich mit der Passphrase, die die Identität hat.',
    file: 'Sicherung oder Identitätsdatei',
    removeWords:
      'Für immer gelöscht. Auf jedem Server gehen dein Name, deine Rechte und Gespräche damit verloren, wenn du keine Sicherung hast.',
    do: {
      create: 'Anlegen',
      rename: 'Umbenennen',
      export: 'Sicherung speichern',
      passphrase: 'Setzen',
      remove: 'Für immer löschen',
      import: 'Importieren',
    },
    title: {
      create: 'Eine neue Identität',
      rename: '{name} umbenennen',
      export: '{name} sichern',
      passphrase: 'Passphrase von {name}',
      remove: '{name} löschen?',
      import: 'Eine Identität importieren',
    },
    done: {
      create: '{name} ist da.',
      rename: 'Sie heißt jetzt {name}.',
      export: 'Die Sicherung von {name} wurde gespeichert. Bewahre sie auf, wo nur du hinkommst.',
      passphrase: 'Die Passphrase von {name} ist jetzt eine andere.',
      remove: '{name} ist gelöscht.',
      import: '{name} ist jetzt hier.',
    },
  },
};
