import type { ProtocolErrorCode } from '@rookery/schemas/protocolError';

/** Why the server closed a peer or refused what it sent. */
export type RefusalReason =
  | ProtocolErrorCode
  /** A message that may not come now, or not on this stream. */
  | 'outOfPlace'
  /** A stream that the conversation does not have. */
  | 'unexpectedStream'
  /** A stream of the conversation was reset. */
  | 'streamReset'
  /** Something other than Hello in 0-RTT data, which may be a replay. */
  | 'earlyData'
  /** Went on too fast after being told to slow down. */
  | 'flood'
  | 'tooFast'
  | 'tooSlow'
  | 'loginTimeout'
  /** Had not logged in when too many others came. */
  | 'crowdedOut'
  | 'wrongPassword'
  | 'badSignature'
  | 'badName'
  | 'serverFull'
  | 'busy'
  | 'banned'
  /** Shut out for a while. */
  | 'tooManyFailures'
  /** Without the work that the server asks of who logs in. */
  | 'workNeeded'
  | 'invitationNeeded'
  | 'badInvitation'
  | 'awaitingApproval'
  | 'accountPassword'
  | 'nameTaken'
  /** A program that may not come, or not without a pass. */
  | 'botsRefused';

/** Refusals by reason, since the start. */
export class ProtocolCounters {
  readonly #counts: Record<RefusalReason, number> = {
    truncated: 0,
    oversized: 0,
    unknownType: 0,
    malformed: 0,
    typeMismatch: 0,
    invalidField: 0,
    unsupportedVersion: 0,
    outOfPlace: 0,
    unexpectedStream: 0,
    streamReset: 0,
    earlyData: 0,
    flood: 0,
    tooFast: 0,
    tooSlow: 0,
    loginTimeout: 0,
    crowdedOut: 0,
    wrongPassword: 0,
    badSignature: 0,
    badName: 0,
    serverFull: 0,
    busy: 0,
    banned: 0,
    tooManyFailures: 0,
    workNeeded: 0,
    invitationNeeded: 0,
    badInvitation: 0,
    awaitingApproval: 0,
    accountPassword: 0,
    nameTaken: 0,
    botsRefused: 0,
  };

  add(reason: RefusalReason): void {
    this.#counts[reason] += 1;
  }

  snapshot(): Record<RefusalReason, number> {
    return { ...this.#counts };
  }
}
