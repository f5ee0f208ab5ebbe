/** English, of the part that the file is named after. */
export const voiceWords = {
  voice: {
    title: 'Voice',
    level: 'Level of the microphone',
    idle: 'Quiet',
    transmitting: 'You are heard',
    muted: 'Muted',
    deafened: 'You hear nothing',
    noRoom: 'In no room',
    mute: 'Mute',
    unmute: 'Unmute',
    deafen: 'Hear nothing',
    undeafen: 'Hear again',
    leave: 'Leave the room',
  },
} as const;
