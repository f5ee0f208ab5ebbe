/** English, of the part that the file is named after. */
export const privacyWords = {
  privacy: {
    told: 'What others are told',
    readMarks:
      'In talks, others see how far you read. Servers need that to count what is new for you, so it cannot be switched off.',
    kept: 'What is kept on this computer',
    history:
      'No history: what was written stays on the server. Only messages that could not be sent yet wait here.',
    recent: 'Servers where you were lately',
    noRecent: 'None.',
    clearRecent: 'Clear the list',
    cleared: 'The list is empty.',
    known: 'Servers whose key is known',
    knownHint:
      'When one of them shows another key you are warned. Forgotten ones are met as if for the first time.',
    noKnown: 'None yet.',
    forget: 'Forget {server}',
    forgetAll: 'Forget all',
    forgetAllWords:
      'You will be asked about every server again, and a changed key will not be noticed the next time.',
    since: 'since {time}',
    calls: 'Who may call you',
    callsWords: 'Everybody who is in a talk with you; leave the talk to end that.',
  },
} as const;
