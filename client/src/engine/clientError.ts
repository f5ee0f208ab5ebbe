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
  | 'awaitingApproval'
  | 'nameTaken'
  | 'loginRefused'
  | 'serverBusy'
  | 'fingerprintChanged'
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
  | 'internal';

/** Thrown by the client for faults of its surroundings. The message tells what to do next. */
export class ClientError extends Error {
  override readonly name = 'ClientError';

  constructor(
    readonly code: ClientErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
