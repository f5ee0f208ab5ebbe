/** English, of the part that the file is named after. */
export const firstRunWords = {
  firstRun: {
    steps: 'First steps',
    count: 'Step {step} of 3',
    skip: 'Skip all of this',
    back: 'Back',
    next: 'Go on',
    name: 'Who are you?',
    nameHint: 'What others see. You can take another one on each server.',
    nickname: 'Your name',
    identity:
      'This bird is you: it is drawn from your key, which was made on this computer just now. Whoever takes your name has another bird.',
    backUp:
      'The key is who you are on every server. Back it up later, in the settings under “Identities”.',
    import: 'I have an identity already',
    microphone: 'Can others hear you?',
    where: 'Where to?',
    whereHint: 'Paste an invitation, type an address, or try it on this computer.',
    target: 'Address or invitation',
    go: 'Take me there',
    later: 'Later',
    demo: 'Try it on this computer',
    demoWords: 'Run this in the folder of Rookery. It starts a server of your own, at localhost:',
    demoFill: 'Take localhost as address',
  },
} as const;
