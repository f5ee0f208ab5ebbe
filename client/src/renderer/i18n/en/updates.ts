import type { LookFaultCode } from '@rookery/client/host/updatesState';

/** English, of the part that the file is named after. */
export const updatesWords = {
  updates: {
    notice: 'A newer version',
    isThere: 'Rookery {version} is there',
    isThereSince: 'Rookery {version} of {day} is there.',
    whatIsNew: 'What is new',
    openPage: 'Open page',
    skip: 'Skip this version',
    later: 'Later',
    title: 'New versions',
    installed: 'This is Rookery {version}.',
    looksForUpdates: 'Look for new versions',
    looksForUpdatesHint:
      'About once a day. Nothing is installed: you are told that there is one, and where. Who publishes them learns your network address and nothing else.',
    lookNow: 'Look now',
    looking: 'Looking …',
    lookedAt: 'Last looked: {time}.',
    neverLooked: 'Never looked so far.',
    askedAt: 'It looks at {address}.',
    newest: 'You have the newest version.',
    noClient: 'The release that is there has no client for you.',
    unreachable: 'It cannot be reached: {why}',
    notSigned:
      'What is there is not signed by the key that this client trusts. It was left alone: somebody changed it on its way, or its publisher has another key.',
    stale: {
      overtaken:
        'What is there is older than what was seen there before, and was left alone: its publisher went back without renewing it, or somebody keeps a newer one from you.',
      ahead:
        'What is there was signed at a time that has not come yet, by the clock of this computer, and was left alone. Set the clock, and look again.',
      ended:
        'What is there has ended, and was left alone: its publisher did not renew it, somebody keeps a newer one from you, or the clock of this computer is wrong.',
    },
    fault: {
      fetchUnknownHost:
        'no computer of that name was found. Look whether this computer is in a network, and look again.',
      fetchNoWay: 'no way leads there. Look whether this computer is in a network, and look again.',
      fetchNobodyThere: 'nobody answers there. Look again later.',
      fetchSilent: 'it sends nothing. Look again later.',
      fetchSlow: 'it sends too slowly. Look again later.',
      fetchBroken: 'the connection broke off. Look again.',
      fetchNotTrusted:
        'its certificate is none that this computer trusts. Look whether the clock of this computer is right; else somebody may stand between.',
      fetchAnswer: 'it answers {fact}. Look again later; if it stays so, tell who publishes it.',
      fetchUnencrypted: 'it leads to {fact}, which is not encrypted. Tell who publishes it.',
      fetchAstray: 'it leads from one address to the next without an end. Tell who publishes it.',
      fetchTooLarge: 'it is larger than what a release says of itself. Tell who publishes it.',
      fetchGivenUp: 'it was given up. Look again.',
      fetchFailed: 'the connection failed. Look again later; the log of this client says more.',
      unknownForm:
        'it is written in a way that this version does not know. Get a newer one where you got this one.',
    } satisfies Record<LookFaultCode, string>,
    unusable: 'What is there cannot be read, and was left alone: {why}',
    refusals: 'Left alone once since the start. | Left alone {count} times since the start.',
    skipped: 'You skip this version.',
    unskip: 'Tell me of it',
    file: 'The file for this computer is {name} ({size}), beside the release. Its SHA-256:',
    problem: {
      noAddress:
        'Nobody said where newer versions are, so nobody is asked: this client was not packed by a publisher. Set “updateUrl” and “updateKey” in client.json of the profile, or start it with --update-url and --update-key.',
      noKey:
        'Nobody said whose key releases are signed by, so nobody is asked. Set “updateKey” in client.json of the profile, or start the client with --update-key.',
      badAddress:
        'The address of releases is none that is asked: {address}. It is to be an https address of a folder with manifest.json.',
      badKey:
        'The key of releases is none, so nobody is asked. It is to be base64 of the 32 bytes of an Ed25519 public key.',
    },
  },
} as const;
