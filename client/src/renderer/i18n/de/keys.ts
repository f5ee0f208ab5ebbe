import type { keysWords as english } from '../en/keys.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const keysWords: Translated<typeof english> = {
  keys: {
    title: 'Deine Tasten',
    press: 'Drücke eine Taste …',
    none: 'Keine Taste',
    clear: 'Die Taste wegnehmen',
    conflict: 'Dieselbe Taste tut auch das: {actions}',
    help: 'Drücke hier einen Knopf, dann die Taste oder mehrere zugleich. Auch die mittlere und die seitlichen Tasten einer Maus gehen. Escape lässt es, wie es war.',
    pushToTalk: 'Halten zum Sprechen',
    pushToTalkHint: 'Gilt, wenn man dich hört, solange du eine Taste hältst; sonst tut sie nichts.',
    toggleMute: 'Dich stumm schalten oder nicht',
    toggleDeafen: 'Nichts hören oder wieder hören',
    ofPlugins: 'Tasten für Plugins',
    ofPluginsHint:
      'Ein Plugin erfährt, dass du drückst oder loslässt, was du hier belegt hast. Welche Taste das war und was du sonst tippst, erfährt es nicht.',
    ofPlugin: 'vom Plugin „{name}“',
    whisper: 'An „{name}“ flüstern',
    reach: {
      global: 'Diese Tasten gelten überall, auch wenn ein anderes Programm die Tastatur hat.',
      windowOnly: 'Diese Tasten gelten, solange dieses Fenster die Tastatur hat.',
      wayland:
        'Diese Tasten gelten nur, solange dieses Fenster die Tastatur hat: Wayland zeigt keinem Programm die Tasten anderer. Dafür bräuchte es sein Portal für globale Kurzbefehle, das noch nicht unterstützt wird; in einer X11-Sitzung gelten sie überall.',
      noDisplay:
        'Diese Tasten gelten nur, solange dieses Fenster die Tastatur hat: Rookery wurde ohne X-Bildschirm gestartet, dessen Tasten es sehen könnte.',
      notInstalled:
        'Diese Tasten gelten nur, solange dieses Fenster die Tastatur hat: Der Teil, der die Tasten anderer Fenster sieht, ist für dieses System nicht da.',
      notAllowed:
        'Diese Tasten gelten nur, solange dieses Fenster die Tastatur hat. Erlaube Rookery in den Systemeinstellungen unter „Datenschutz & Sicherheit → Bedienungshilfen“ und starte es neu.',
      died: 'Diese Tasten gelten nur, solange dieses Fenster die Tastatur hat: Der Teil, der die Tasten anderer Fenster sieht, ist immer wieder gescheitert. Starte Rookery neu, um es noch einmal zu versuchen.',
    },
    name: {
      Space: 'Leertaste',
      Enter: 'Eingabe',
      Backspace: 'Rücktaste',
      Insert: 'Einfg',
      Delete: 'Entf',
      Home: 'Pos1',
      End: 'Ende',
      PageUp: 'Bild auf',
      PageDown: 'Bild ab',
      ControlLeft: 'Strg links',
      ControlRight: 'Strg rechts',
      AltLeft: 'Alt links',
      AltRight: 'Alt rechts',
      ShiftLeft: 'Umschalt links',
      ShiftRight: 'Umschalt rechts',
      MouseMiddle: 'Mittlere Maustaste',
      MouseBack: 'Maustaste „zurück“',
      MouseForward: 'Maustaste „vor“',
      CapsLock: 'Feststelltaste',
      Pause: 'Pause',
      Ctrl: 'Strg',
      Alt: 'Alt',
      Shift: 'Umschalt',
      Meta: 'Meta',
    },
  },
};
