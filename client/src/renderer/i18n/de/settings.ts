import type { settingsWords as english } from '../en/settings.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const settingsWords: Translated<typeof english> = {
  settings: {
    title: 'Einstellungen',
    page: { sound: 'Ton', appearance: 'Aussehen und Privates' },
    sound: 'Ton',
    input: 'Mikrofon',
    output: 'Kopfhörer oder Lautsprecher',
    tone: 'Ton abspielen',
    hearYourself: 'Dich selbst hören',
    mode: 'Man hört dich',
    voiceActivated: 'Während du sprichst',
    pushToTalk: 'Während du eine Taste hältst',
    continuous: 'Immer',
    threshold: 'Wie sicher es sein muss, dass du sprichst',
    pushToTalkKey: 'Sprechtaste',
    pressKey: 'Drücke eine Taste …',
    isHighPassOn: 'Rumpeln wegnehmen',
    isEchoCancellerOn: 'Echo wegnehmen',
    isNoiseSuppressorOn: 'Rauschen wegnehmen',
    isGainControlOn: 'Lautstärke ausgleichen',
    appearance: 'Aussehen',
    theme: 'Farben',
    dark: 'Dunkel',
    light: 'Hell',
    system: 'Wie das System',
    density: 'Zeilen',
    comfortable: 'Bequem',
    compact: 'Dicht',
    fontSize: 'Schriftgröße',
    language: 'Sprache',
    privacy: 'Privates',
    showsTyping: 'Anderen sagen, dass ich schreibe',
  },
};
