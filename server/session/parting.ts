import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import type { Message } from '@rookery/schemas/messages';
import { CloseCode } from '@rookery/schemas/protocol';
import type { ProtocolError, ProtocolErrorCode } from '@rookery/schemas/protocolError';
import type { QuicClose } from '@rookery/transport/quicTypes';
import type { RefusalReason } from './protocolCounters.js';

/** How the server parts from a peer. */
export interface Parting {
  /** Of QUIC's application close. */
  readonly code: CloseCode;
  /** For the log and the close packet. */
  readonly text: string;
  /** Said on the control stream before; null closes at once. */
  readonly message: Message | null;
  /** Of the message that this answers, or 0. */
  readonly requestId: number;
  /** Whether the session keeps its place for a client that comes back. */
  readonly mayReturn: boolean;
  /** What to count, if something was refused. */
  readonly refusal: RefusalReason | null;
}

const codes: Readonly<Record<ProtocolErrorCode, ErrorCode>> = {
  truncated: ErrorCode.Malformed,
  oversized: ErrorCode.Malformed,
  malformed: ErrorCode.Malformed,
  typeMismatch: ErrorCode.Malformed,
  unknownType: ErrorCode.UnknownType,
  invalidField: ErrorCode.InvalidField,
  unsupportedVersion: ErrorCode.UnsupportedVersion,
};

/** The peer sent bytes that are no message of this protocol. */
export function undecodable(error: ProtocolError): Parting {
  return violation(error.code, codes[error.code], error.message, 0);
}

/** The peer broke the protocol. */
export function violation(
  refusal: RefusalReason,
  code: ErrorCode,
  text: string,
  requestId: number,
): Parting {
  const message = { type: FrameType.Error, code, message: text };
  const closeCode = CloseCode.ProtocolViolation;
  return { code: closeCode, text, message, requestId, mayReturn: false, refusal };
}

/** The peer is told why, and nothing of it is refused. */
export function goodbye(code: CloseCode, reason: GoodbyeReason, text: string): Parting {
  const message = { type: FrameType.Goodbye, reason, message: text };
  return { code, text, message, requestId: 0, mayReturn: false, refusal: null };
}

/** A client that leaves says so, or closes with the code of it. */
export function mayReturnAfter({ by, isApplication, code }: QuicClose): boolean {
  return by !== 'peer' || !isApplication || code === CloseCode.Lost;
}

/** The peer left by itself. */
export const peerLeft: Parting = {
  code: CloseCode.Done,
  text: 'goodbye',
  message: null,
  requestId: 0,
  mayReturn: false,
  refusal: null,
};

/** The peer does not read: there is no point in saying anything. */
export const tooSlow: Parting = {
  code: CloseCode.TooSlow,
  text: 'does not read what it is sent',
  message: null,
  requestId: 0,
  mayReturn: true,
  refusal: 'tooSlow',
};

export const loginTimeout: Parting = {
  ...violation('loginTimeout', ErrorCode.OutOfPlace, 'Did not log in in time.', 0),
  code: CloseCode.LoginFailed,
};

export const replaced: Parting = goodbye(
  CloseCode.Replaced,
  GoodbyeReason.ReplacedByNewLogin,
  'The same identity logged in again.',
);

export const stopping: Parting = goodbye(
  CloseCode.Stopping,
  GoodbyeReason.ServerStopping,
  'The server stops.',
);
