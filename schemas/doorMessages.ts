import type { FrameType } from './frameType.js';
import type { AuthFailure } from './generated/rookery/auth-failure.js';
import type { Registration } from './generated/rookery/registration.js';
import type { Of } from './messages.js';

type T = typeof FrameType;

/** A login was refused. */
export interface AuthFailed extends Of<T['AuthFailed']> {
  readonly reason: AuthFailure;
  readonly message: string;
  /** Milliseconds since 1970 from which it may go better; null where nobody knows. */
  readonly untilMs: number | null;
  /** Of a moderator; '' for none. */
  readonly note: string;
}

/** Asks what anybody may know of the server, without a login. */
export type ReadServerCard = Of<T['ReadServerCard']>;

/** What anybody may know of the server. */
export interface ServerCard extends Of<T['ServerCard']> {
  readonly protocolVersion: number;
  /** Of the program. */
  readonly version: string;
  readonly serverName: string;
  /** How many are there now, and how many may be. */
  readonly members: number;
  readonly membersMax: number;
  readonly passwordRequired: boolean;
  /** Who is let in who is not registered. */
  readonly registration: Registration;
}

export type CardMessage = ReadServerCard | ServerCard;
