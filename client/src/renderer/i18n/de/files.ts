import type { filesWords as english } from '../en/files.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const filesWords: Translated<typeof english> = {
  files: {
    attach: 'Dateien anhängen',
    drop: 'Loslassen, um die Dateien anzuhängen',
    list: 'Dateien, die mitgehen',
    remove: '{name} zurücknehmen',
    cancel: '{name} nicht weiter senden',
    retry: '{name} noch einmal senden',
    waiting: 'wartet auf die vorige',
    preparing: 'wird gelesen',
    ready: 'bereit',
    sending: '{done} von {all}',
    sendingAt: '{done} von {all}, {speed}',
    waitsToSend: 'Geht hinaus, sobald die Dateien da sind.',
    notAllowed: 'In diesem Raum darfst du keine Dateien anhängen.',
    empty: '„{name}“ ist leer oder ein Ordner. Wähle eine andere Datei.',
    tooMany: '„{name}“ ist eine zu viel: Eine Nachricht trägt {n} Dateien.',
    unreadable: '„{name}“ ist nicht mehr lesbar. Wähle die Datei noch einmal.',
    gone: 'Diese Datei gibt es nicht mehr',
    loading: 'Nach der Datei wird gefragt …',
    save: '{name} speichern',
    stopSaving: '{name} nicht weiter speichern',
    saving: '{done} von {all}',
    show: '{name} ansehen',
    broken: 'Dieses Bild lässt sich nicht zeigen. Speichern kannst du es trotzdem.',
    removeForAll: '{name} für alle entfernen',
  },
  viewer: {
    title: 'Bild',
    earlier: 'Das Bild davor',
    later: 'Das nächste Bild',
    fit: 'An das Fenster anpassen',
    actual: 'Tatsächliche Größe',
    place: '{at} von {count}',
    loading: 'Das Bild wird geholt …',
  },
  removeFile: {
    title: 'Datei entfernen',
    what: '„{name}“ verschwindet für alle. Die Nachricht, die sie zeigt, bleibt.',
    reason: 'Grund (für die anderen, die moderieren, notiert)',
    confirm: 'Datei entfernen',
    cancel: 'Behalten',
    done: 'Die Datei ist entfernt.',
  },
};
