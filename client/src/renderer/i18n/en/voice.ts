/** English, of the part that the file is named after. */
export const voiceWords = {
  voice: {
    title: 'Voice',
    level: 'Level of the microphone',
    threshold: 'From here on it is your voice',
    idle: 'Quiet',
    transmitting: 'You are heard',
    whispering: 'You whisper to {name}',
    whisperRefused: 'Your whisper to {name} cannot be heard',
    muted: 'Muted',
    deafened: 'You hear nothing',
    deafenedByModerator: 'A moderator lets you hear nothing',
    mutedByModerator: 'A moderator muted you',
    suppressed: 'A moderator silenced you here',
    mayNotSpeak: 'You may not speak here',
    noRoom: 'In no room',
    mute: 'Mute',
    unmute: 'Unmute',
    deafen: 'Hear nothing',
    undeafen: 'Hear again',
    leave: 'Leave the room',
    mode: 'Microphone opens',
    modes: {
      pushToTalk: 'By a key that is held',
      voiceActivated: 'By your voice',
      continuous: 'Always',
    },
    holdToTalk: 'Hold to talk',
    inputMenu: 'Choose a microphone',
    outputMenu: 'Choose headphones',
    systemDevice: 'As the system says',
    gain: 'Boost',
    soundSettings: 'Sound settings …',
    speaksMuted: 'You are speaking, but the microphone is muted.',
    whisperToYou: 'Whispering to you: {names}',
    recording: 'Recording here: {names}',
    quality: 'Connection',
    bars: { '0': 'no voice', '1': 'bad', '2': 'fair', '3': 'good' },
    path: 'Voice goes by',
    roundTrip: 'There and back',
    lossHere: 'Lost on the way to you',
    lossThere: 'Lost on the way from you',
    advice: {
      closed: 'The way for voice is not open yet.',
      blocked:
        'The voice port is blocked here. Voice takes the slower way; ask whoever runs this network to let UDP through.',
      good: 'All is well.',
      roundTripMs:
        'The way is long: you and the others hear each other late. Pause downloads, and try without a VPN; a server nearer to you would help most.',
      receivedLossPct:
        'Words of others get lost on the way to you. A cable in place of wireless often helps, and so does pausing downloads.',
      sentLossPct:
        'Words of yours get lost on the way from you. A cable in place of wireless often helps, and so does pausing uploads.',
      jitterMs:
        'Voices come unevenly, and so are played later. A cable in place of wireless often helps, and so does pausing downloads.',
    },
  },
} as const;
