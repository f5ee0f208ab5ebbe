import type { pluginsWords as english } from '../en/plugins.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const pluginsWords: Translated<typeof english> = {
  plugins: {
    title: 'Plugins',
    intro:
      'Kleine Programme von anderen. Jedes läuft abgeschottet von deinen Dateien und deinem Netz und kann nur, was du ihm erlaubt hast.',
    empty: 'Es ist kein Plugin installiert.',
    install: 'Plugin installieren …',
    installTitle: 'Plugin installieren',
    files: 'Seine beiden Dateien',
    filesHint: 'plugin.toml und plugin.wasm, wie ihr Autor sie ausgibt. Wähle beide zugleich.',
    filesMissing: 'Wähle beide Dateien des Plugins: plugin.toml und plugin.wasm.',
    tooLarge: 'plugin.wasm ist zu groß, um dem Client durch dieses Fenster gegeben zu werden.',
    installNow: 'Installieren',
    by: '{version}, von {author}',
    on: '„{name}“ einschalten',
    wants: 'Es tut nichts, bevor du gesehen hast, was es will.',
    look: 'Was es will …',
    off: 'Von selbst ausgeschaltet: {why}.',
    offNotice: 'Das Plugin „{name}“ wurde ausgeschaltet: {why}.',
    offReason: {
      late: 'es war zu langsam, und dein Ton wartet nicht darauf',
      trapped: 'es ist immer wieder abgebrochen',
      stuck: 'es kam von seiner Arbeit nicht zurück',
      unstartable: 'es ließ sich nicht starten',
      died: 'es hat von selbst geendet',
    },
    log: 'Was „{name}“ getan hat',
    remove: '„{name}“ entfernen',
    removeNow: 'Entfernen',
    removeWords: 'Es wird von diesem Rechner genommen, mit allem, was es aufgehoben hat.',
    removed: '„{name}“ ist weg.',
    broken: '„{name}“ lässt sich nicht verwenden',
    allowTitle: '„{name}“ erlauben?',
    allowIntro: 'Dieses Plugin von {author} will:',
    allowNothing: 'Dieses Plugin von {author} will nichts von dir.',
    allowAgain: 'Sollte es ein anderes werden, wirst du wieder gefragt.',
    allow: 'Erlauben und einschalten',
    allowed: '„{name}“ ist an.',
    sound: {
      capture: 'deine Stimme verändern, bevor sie gesendet wird',
      perSpeaker: 'verändern, wie du jeden der anderen hörst',
    },
    permission: {
      readRooms: 'die Räume und ihre Namen sehen',
      readUsers: 'sehen, wer da ist, und wer kommt, geht und spricht',
      readMessages: 'die Nachrichten deiner Räume lesen',
      sendText: 'in deinem Namen schreiben, mit einem Zeichen, dass es das Plugin war',
      storage: 'ein paar eigene Daten aufheben',
      moderateText: 'Nachrichten löschen; das kann es nur auf Servern',
      moderateUsers: 'Leute stummschalten und hinauswerfen; das kann es nur auf Servern',
      panel: 'ein Feld in diesem Fenster zeigen',
      keys: 'erfahren, wenn eine Taste gedrückt wird, die du ihm gegeben hast',
    },
    panelOf: 'gezeigt vom Plugin „{name}“',
    report: {
      title: 'Was „{name}“ getan hat',
      sound:
        'kein Stück Ton ging hindurch | ein Stück Ton ging hindurch | {n} Stücke Ton gingen hindurch',
      late: 'keines kam zu spät | eines kam zu spät | {n} kamen zu spät',
      trapped: 'es brach bei keinem ab | es brach bei einem ab | es brach bei {n} ab',
      unchanged: 'Wo es zu spät war oder abbrach, ging dein Ton weiter, wie er war.',
      empty: 'Nichts, seit dieser Client gestartet wurde.',
    },
  },
};
