/** Words of the tray's menu and of what the main process says by itself. */
export interface ShellWords {
  readonly show: string;
  readonly newWindow: string;
  readonly mute: string;
  readonly deafen: string;
  readonly updates: string;
  readonly updatesByHand: string;
  readonly quit: string;
  readonly cannotStart: string;
}

const english: ShellWords = {
  show: 'Show Rookery',
  newWindow: 'New window',
  mute: 'Mute',
  deafen: 'Hear nobody',
  updates: 'About updates …',
  updatesByHand:
    'This is Rookery {version}. It does not look for newer versions by itself yet: get them ' +
    'where you got this one.',
  quit: 'Quit',
  cannotStart: 'Rookery cannot start',
};

const german: ShellWords = {
  show: 'Rookery zeigen',
  newWindow: 'Neues Fenster',
  mute: 'Stumm',
  deafen: 'Niemanden hören',
  updates: 'Zu Aktualisierungen …',
  updatesByHand:
    'Dies ist Rookery {version}. Es sucht noch nicht selbst nach neueren Versionen: Hol sie ' +
    'dort, wo du diese herhast.',
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
