import type { voiceWords as english } from '../en/voice.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const voiceWords: Translated<typeof english> = {
  voice: {
    title: 'Stimme',
    level: 'Pegel des Mikrofons',
    idle: 'Still',
    transmitting: 'Man hört dich',
    muted: 'Stumm',
    deafened: 'Du hörst nichts',
    noRoom: 'In keinem Raum',
    mute: 'Stumm schalten',
    unmute: 'Mikrofon an',
    deafen: 'Nichts hören',
    undeafen: 'Wieder hören',
    leave: 'Raum verlassen',
  },
};
