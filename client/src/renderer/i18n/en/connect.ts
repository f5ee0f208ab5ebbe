/** English, of the part that the file is named after. */
export const connectWords = {
  connect: {
    title: 'Where to?',
    subtitle: 'Servers that you keep, or a new one.',
    address: 'Address',
    addressHint: 'talk.example.org, or an invitation',
    nickname: 'Your name there',
    password: 'Password of the server',
    go: 'Connect',
    going: 'Connecting to {address} …',
    cancel: 'Cancel',
    keep: 'Keep this server',
    kept: 'Kept servers',
    none: 'None yet: keep one while you connect to it.',
    remove: 'Forget {label}',
    changedTitle: 'This server shows another key than before',
    changedWords:
      'Somebody may be between you and the server, or it was set up anew. Ask its owner, by another way, for the fingerprint, and go on only if it is the one that is shown here.',
    changedAccept: 'The fingerprint that you were told',
    passphrase: 'Passphrase of the identity “{name}”',
    unlock: 'Unlock',
  },
  fault: {
    unreachable: 'The server does not answer. Is the address right, and the server running?',
    wrongPassword: 'The server wants a password, or another one.',
    invitationNeeded: 'This server lets in who has an invitation.',
    serverBusy: 'The server is full or busy. Try again in a moment.',
    tryAgain: 'Try again',
  },
} as const;
