/** Operating faults of the client; closed, so that each caller can handle every one. */
export type ClientErrorCode =
  | 'unreadableWav'
  | 'fileUnreadable'
  | 'outputUnwritable'
  | 'identityUnreadable'
  | 'noSuchIdentity'
  | 'passphraseNeeded'
  | 'wrongPassphrase'
  | 'knownServersUnreadable'
  | 'profileBusy'
  | 'invalidAddress'
  | 'invalidRoomPath'
  | 'invalidInput'
  | 'unreachable'
  | 'wrongPassword'
  | 'wrongAccountPassword'
  | 'invitationNeeded'
  | 'badInvitation'
  | 'awaitingApproval'
  | 'nameTaken'
  | 'nameNotAllowed'
  | 'banned'
  | 'shutOut'
  | 'serverFull'
  | 'versionMismatch'
  | 'loginRefused'
  | 'serverBusy'
  | 'fingerprintChanged'
  | 'serverUnknown'
  | 'noKeychain'
  | 'noSuchRoom'
  | 'commandRefused'
  | 'notAnswered'
  | 'voiceUnreachable'
  | 'cancelled'
  | 'disconnected'
  | 'sessionEnded'
  | 'protocolViolation'
  | 'noAudioLibrary'
  | 'noAudioDevice'
  | 'audioDeviceInUse'
  | 'audioNotAllowed'
  | 'audioDeviceFailed'
  | 'stressMissed'
  | 'pluginRefused'
  | 'pluginFailed'
  | 'internal';

/** What a fault is about, for those who say it in words of their own. */
export interface FaultFacts {
  /** Milliseconds since 1970 from which it may go better. */
  readonly untilMs?: number;
  /** What a moderator wrote for whoever is kept away. */
  readonly note?: string;
  /** Of the key that the server should show; as parseFingerprint() writes it. */
  readonly expectedFingerprint?: string;
  /** Of the one that it shows. */
  readonly shownFingerprint?: string;
}

/** Thrown by the client for faults of its surroundings. The message tells what to do next. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly facts: FaultFacts;

  constructor(
    readonly code: ClientErrorCode,
    message: string,
    { facts = {}, ...options }: ErrorOptions & { readonly facts?: FaultFacts } = {},
  ) {
    super(message, options);
    this.facts = facts;
  }
}

/** The server made something, and did not say what it is called. @param what as in `a room` */
export function withoutId(what: string): ClientError {
  return new ClientError('protocolViolation', `the server made ${what} without telling its id`);
}
