/** English, of the part that the file is named after. */
export const faultWords = {
  fault: {
    detail: 'It says: {words}',
    until: 'Until {time}.',
    forGood: 'It does not end by itself.',
    updateClient: 'The server is newer: update this client.',
    updateServer: 'The server is older: ask its owner to update it.',
    unreachable: {
      what: 'The server does not answer.',
      next: 'Check the address. Is the server running, and does its firewall let UDP through?',
    },
    wrongPassword: {
      what: 'The password of the server is missing or wrong.',
      next: 'Type it again, or ask whoever runs the server.',
    },
    wrongAccountPassword: {
      what: 'Your account there has a password, and this is not it.',
      next: 'Type it under “More”. Who administers the server can take it away.',
    },
    invitationNeeded: {
      what: 'This server lets in who has an invitation.',
      next: 'Ask somebody there for one, and paste it here.',
    },
    badInvitation: {
      what: 'This invitation is used up, too old, or was never one.',
      next: 'Ask for another one.',
    },
    awaitingApproval: {
      what: 'Somebody there has to let you in first.',
      next: 'You need not wait here: come back later.',
    },
    nameTaken: {
      what: 'Somebody there has this name, or one that looks like it.',
      next: 'Choose another name.',
    },
    nameNotAllowed: {
      what: 'This name cannot be used there.',
      next: 'Choose one of visible letters, not too long.',
    },
    banned: {
      what: 'You are kept away from this server.',
      next: 'Ask those who run it, if you think that this is wrong.',
    },
    shutOut: {
      what: 'Too much failed from here, so the server shut you out for a while.',
      next: 'Wait until then; more tries make it longer.',
    },
    serverFull: {
      what: 'The server is full.',
      next: 'Try again when somebody has left.',
    },
    serverBusy: {
      what: 'The server has too much to do at this moment.',
      next: 'Try again in a few seconds.',
    },
    versionMismatch: {
      what: 'This client and the server do not speak the same version.',
      next: 'One of both has to be updated.',
    },
    loginRefused: {
      what: 'The server refused the login.',
      next: 'Ask whoever runs the server.',
    },
    fingerprintChanged: {
      what: 'The server shows another key than before.',
      next: 'Ask its owner for the fingerprint before you go on.',
    },
    serverUnknown: {
      what: 'You did not trust the server, so nothing was said to it.',
      next: 'Ask its owner for the words, and connect again.',
    },
    invalidAddress: {
      what: 'This is no address of a server.',
      next: 'It looks like talk.example.org or talk.example.org:4640.',
    },
    passphraseNeeded: {
      what: 'Your identity stayed locked.',
      next: 'Connect again and give its passphrase.',
    },
    wrongPassphrase: {
      what: 'This is not the passphrase of your identity.',
      next: 'Try again. Nobody can open it without.',
    },
    noSuchIdentity: {
      what: 'The identity for this server is not there any more.',
      next: 'Choose another one in the settings, under “Identities”.',
    },
    identityUnreadable: {
      what: 'The file of your identity cannot be used.',
      next: 'Import your backup in the settings, under “Identities”.',
    },
    knownServersUnreadable: {
      what: 'The list of known servers is damaged.',
      next: 'Forget all of them in the settings, under “Privacy”, or repair the file.',
    },
    profileBusy: {
      what: 'Another program uses your profile at this moment.',
      next: 'Try again in a moment.',
    },
    disconnected: {
      what: 'The connection was lost.',
      next: 'Connect again.',
    },
    sessionEnded: {
      what: 'The server ended your session.',
      next: 'You can try to come back.',
    },
    protocolViolation: {
      what: 'Client and server did not understand each other.',
      next: 'Update both; if that does not help, report it.',
    },
  },
} as const;
