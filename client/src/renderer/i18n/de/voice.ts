import type { voiceWords as english } from '../en/voice.js';
import type { Translated } from '../messageSchema.js';

/** German, of the part that the file is named after. */
export const voiceWords: Translated<typeof english> = {
  voice: {
    title: 'Stimme',
    level: 'Pegel des Mikrofons',
    threshold: 'Ab hier ist es deine Stimme',
    idle: 'Still',
    transmitting: 'Man hört dich',
    whispering: 'Du flüsterst {name} zu',
    whisperRefused: 'Dein Flüstern an {name} hört niemand',
    muted: 'Stumm',
    deafened: 'Du hörst nichts',
    deafenedByModerator: 'Die Moderation lässt dich nichts hören',
    mutedByModerator: 'Die Moderation hat dich stumm geschaltet',
    suppressed: 'Die Moderation hat dich hier still gestellt',
    mayNotSpeak: 'Du darfst hier nicht sprechen',
    noRoom: 'In keinem Raum',
    mute: 'Stumm schalten',
    unmute: 'Mikrofon an',
    deafen: 'Nichts hören',
    undeafen: 'Wieder hören',
    leave: 'Raum verlassen',
    mode: 'Das Mikrofon öffnet',
    modes: {
      pushToTalk: 'Eine gehaltene Taste',
      voiceActivated: 'Deine Stimme',
      continuous: 'Immer offen',
    },
    holdToTalk: 'Zum Sprechen halten',
    inputMenu: 'Mikrofon wählen',
    outputMenu: 'Kopfhörer wählen',
    systemDevice: 'Wie das System sagt',
    gain: 'Verstärkung',
    soundSettings: 'Toneinstellungen …',
    speaksMuted: 'Du sprichst, aber das Mikrofon ist stumm.',
    whisperToYou: 'Flüstert dir zu: {names}',
    recording: 'Nimmt hier auf: {names}',
    quality: 'Verbindung',
    bars: { '0': 'keine Stimme', '1': 'schlecht', '2': 'mäßig', '3': 'gut' },
    path: 'Stimme geht über',
    roundTrip: 'Hin und zurück',
    lossHere: 'Verloren auf dem Weg zu dir',
    lossThere: 'Verloren auf dem Weg von dir',
    advice: {
      closed: 'Der Weg für Stimme ist noch nicht offen.',
      blocked:
        'Der Port für Stimme ist hier gesperrt. Sie nimmt den langsameren Weg; bitte, wer dieses Netz betreibt, UDP durchzulassen.',
      good: 'Alles in Ordnung.',
      roundTripMs:
        'Der Weg ist lang: Du und die anderen hört einander spät. Halte Downloads an und versuche es ohne VPN; am meisten hilft ein Server in deiner Nähe.',
      receivedLossPct:
        'Worte anderer gehen auf dem Weg zu dir verloren. Oft hilft ein Kabel statt Funk, oder Downloads anzuhalten.',
      sentLossPct:
        'Worte von dir gehen unterwegs verloren. Oft hilft ein Kabel statt Funk, oder Uploads anzuhalten.',
      jitterMs:
        'Stimmen kommen ungleichmäßig an und werden darum später gespielt. Oft hilft ein Kabel statt Funk, oder Downloads anzuhalten.',
    },
  },
};
