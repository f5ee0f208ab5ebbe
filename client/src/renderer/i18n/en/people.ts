/** English, of the part that the file is named after. */
export const peopleWords = {
  person: {
    talking: 'talks',
    muted: 'has muted the microphone',
    deafened: 'hears nothing',
    mutedByModerator: 'was muted by a moderator',
    priority: 'priority speaker',
    away: 'away',
    idle: 'not at the computer',
    reconnecting: 'coming back',
    you: 'you',
  },
  members: { title: 'In this room' },
} as const;
