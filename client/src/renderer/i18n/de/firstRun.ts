import type { firstRunWords as english } from '../en/firstRun.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const firstRunWords: Translated<typeof english> = {
  firstRun: {
    steps: 'Erste Schritte',
    count: 'Schritt {step} von 3',
    skip: 'Alles überspringen',
    back: 'Zurück',
    next: 'Weiter',
    name: 'Wer bist du?',
    nameHint: 'Was andere sehen. Auf jedem Server kannst du einen anderen nehmen.',
    nickname: 'Dein Name',
    identity:
      'Dieser Vogel bist du: er ist aus deinem Schlüssel gezeichnet, der eben auf diesem Rechner gemacht wurde. Wer deinen Namen nimmt, hat einen anderen Vogel.',
    backUp:
      'Der Schlüssel ist, wer du auf jedem Server bist. Sichere ihn später in den Einstellungen unter „Identitäten“.',
    import: 'Ich habe schon eine Identität',
    microphone: 'Hören dich andere?',
    where: 'Wohin?',
    whereHint:
      'Füge eine Einladung ein, gib eine Adresse ein oder probiere es auf diesem Rechner aus.',
    target: 'Adresse oder Einladung',
    go: 'Bring mich hin',
    later: 'Später',
    demo: 'Auf diesem Rechner ausprobieren',
    demoWords:
      'Führe das im Ordner von Rookery aus. Es startet einen eigenen Server, unter localhost:',
    demoFill: 'localhost als Adresse nehmen',
  },
};
