/** Words of the tray's menu and of what the main process says by itself. */
export interface ShellWords {
  readonly show: string;
  readonly newWindow: string;
  readonly mute: string;
  readonly deafen: string;
  readonly updates: string;
  readonly updatesUnknown: string;
  readonly updatesNewer: string;
  readonly updatesNone: string;
  readonly updatesUnreachable: string;
  readonly updatesRefused: string;
  readonly openPage: string;
  readonly close: string;
  readonly quit: string;
  readonly cannotStart: string;
}

const english: ShellWords = {
  show: 'Show Rookery',
  newWindow: 'New window',
  mute: 'Mute',
  deafen: 'Hear nobody',
  updates: 'Look for a newer version …',
  updatesUnknown:
    'This is Rookery {installed}. It was not told where newer versions are: look where you got ' +
    'this one, or see the settings, page “This computer”.',
  updatesNewer: 'Rookery {version} is there. You have {installed}.',
  updatesNone: 'There is no newer version. You have Rookery {installed}.',
  updatesUnreachable:
    'Newer versions cannot be looked for now: the place where they are cannot be reached. The ' +
    'settings, page “This computer”, say more.',
  updatesRefused:
    'What was found is not from who made this client, or cannot be read, and was left alone. The ' +
    'settings, page “This computer”, say more.',
  openPage: 'Open page',
  close: 'Close',
  quit: 'Quit',
  cannotStart: 'Rookery cannot start',
};

const german: ShellWords = {
  show: 'Rookery zeigen',
  newWindow: 'Neues Fenster',
  mute: 'Stumm',
  deafen: 'Niemanden hören',
  updates: 'Nach neuerer Version sehen …',
  updatesUnknown:
    'Dies ist Rookery {installed}. Ihm wurde nicht gesagt, wo neuere Versionen liegen: Sieh dort ' +
    'nach, wo du diese herhast, oder in den Einstellungen, Seite „Dieser Rechner“.',
  updatesNewer: 'Rookery {version} ist da. Du hast {installed}.',
  updatesNone: 'Es gibt keine neuere Version. Du hast Rookery {installed}.',
  updatesUnreachable:
    'Gerade lässt sich nicht nach neueren Versionen sehen: Wo sie liegen, ist nicht zu ' +
    'erreichen. Mehr sagen die Einstellungen, Seite „Dieser Rechner“.',
  updatesRefused:
    'Was gefunden wurde, ist nicht von denen, die diesen Client machen, oder nicht zu lesen, und ' +
    'blieb liegen. Mehr sagen die Einstellungen, Seite „Dieser Rechner“.',
  openPage: 'Seite öffnen',
  close: 'Schließen',
  quit: 'Beenden',
  cannotStart: 'Rookery kann nicht starten',
};

/**
 * @param language as the user set it
 * @param systemLocale of the system, such as "de-AT"
 */
export function shellWords(language: 'en' | 'de' | 'system', systemLocale: string): ShellWords {
  const wanted = language === 'system' ? systemLocale : language;
  return wanted.toLowerCase().startsWith('de') ? german : english;
}
