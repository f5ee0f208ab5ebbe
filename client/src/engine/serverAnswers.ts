import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import type { AuthFailed, ErrorMessage, Goodbye } from '@rookery/schemas/messages';
import { applicationProtocol, CloseCode } from '@rookery/schemas/protocol';
import { ProtocolError } from '@rookery/schemas/protocolError';
import type { QuicClose } from '@rookery/transport/quicTypes';
import { ClientError, type ClientErrorCode } from './clientError.js';

/** What a refusal means to the client. Texts of the server are shown as it wrote them. */
export function errorOfAnswer({ code, message }: ErrorMessage): ClientError {
  return new ClientError(codeOfError(code), message || `the server refused: ${ErrorCode[code]}`);
}

export function errorOfAuthFailed({ reason, message, untilMs, note }: AuthFailed): ClientError {
  return new ClientError(
    codeOfAuthFailure(reason),
    message || `the server refused the login: ${AuthFailure[reason]}`,
    { facts: { ...(untilMs !== null && { untilMs }), ...(note !== '' && { note }) } },
  );
}

/** `disconnected` where another login may do better, `sessionEnded` where it was meant so. */
export function errorOfGoodbye({ reason, message }: Goodbye): ClientError {
  const byReason: Readonly<Record<GoodbyeReason, string>> = {
    [GoodbyeReason.ClientLeft]: 'the server ended the session',
    [GoodbyeReason.ServerStopping]: 'the server is stopping; try again later',
    [GoodbyeReason.ReplacedByNewLogin]:
      'the same identity logged in again elsewhere; use another profile for a second session',
    [GoodbyeReason.ProtocolViolation]: 'the server found a fault in what this client sent',
    [GoodbyeReason.Kicked]: 'kicked by a moderator',
    [GoodbyeReason.Banned]: 'banned by a moderator',
  };
  const note = message === '' ? '' : ` (${message})`;
  const code = reason === GoodbyeReason.ServerStopping ? 'disconnected' : 'sessionEnded';
  return new ClientError(code, byReason[reason] + note);
}

/** What the end of a link means, once it was connected. */
export function errorOfEnd(end: QuicClose | ProtocolError): ClientError {
  if (end instanceof ProtocolError) {
    return new ClientError(
      'protocolViolation',
      `the server sent what this client does not understand: ${end.message}`,
      { cause: end },
    );
  }
  const isMeant = end.by === 'peer' && end.isApplication && meantCloses.has(end.code);
  return new ClientError(
    isMeant ? 'sessionEnded' : 'disconnected',
    `the connection ended: ${wordsOfClose(end)}`,
  );
}

/** The same, where the handshake never came to its end. */
export function errorOfFailedConnect(end: QuicClose | ProtocolError, server: string): ClientError {
  if (end instanceof ProtocolError) return errorOfEnd(end);
  const isOther = end.by === 'peer' && !end.isApplication && end.code === noApplicationProtocol;
  const reason = isOther
    ? `it does not speak ${applicationProtocol}; client or server must be updated`
    : wordsOfClose(end);
  const code = isOther ? 'versionMismatch' : 'unreachable';
  return new ClientError(code, `cannot connect to ${server}: ${reason}`);
}

/** RFC 9001 section 4.8: 0x100 + the TLS alert no_application_protocol of RFC 7301. */
const noApplicationProtocol = 0x178;

/** After these the server does not want the same login again. */
const meantCloses: ReadonlySet<number> = new Set([
  CloseCode.Done,
  CloseCode.ProtocolViolation,
  CloseCode.LoginFailed,
  CloseCode.Replaced,
  CloseCode.Kicked,
  CloseCode.Banned,
]);

const authFailureCodes: Readonly<Partial<Record<AuthFailure, ClientErrorCode>>> = {
  [AuthFailure.WrongPassword]: 'wrongPassword',
  [AuthFailure.BadName]: 'nameNotAllowed',
  [AuthFailure.ServerFull]: 'serverFull',
  [AuthFailure.Banned]: 'banned',
  [AuthFailure.TooManyFailures]: 'shutOut',
  [AuthFailure.Busy]: 'serverBusy',
  // Work is asked for while many log in: at another login the server says so in time.
  [AuthFailure.WorkNeeded]: 'serverBusy',
  [AuthFailure.InvitationNeeded]: 'invitationNeeded',
  [AuthFailure.BadInvitation]: 'badInvitation',
  [AuthFailure.AwaitingApproval]: 'awaitingApproval',
  [AuthFailure.AccountPassword]: 'wrongAccountPassword',
  [AuthFailure.NameTaken]: 'nameTaken',
  [AuthFailure.BotsRefused]: 'loginRefused',
};

function codeOfAuthFailure(reason: AuthFailure): ClientErrorCode {
  return authFailureCodes[reason] ?? 'loginRefused';
}

function codeOfError(code: ErrorCode): ClientErrorCode {
  if (code === ErrorCode.NoSuchRoom) return 'noSuchRoom';
  if (code === ErrorCode.NameTaken) return 'nameTaken';
  if (code === ErrorCode.WrongAccountPassword) return 'wrongAccountPassword';
  return code === ErrorCode.UnsupportedVersion ? 'versionMismatch' : 'commandRefused';
}

function wordsOfClose({ by, isApplication, code, reason }: QuicClose): string {
  const note = reason === '' ? '' : ` (${reason})`;
  switch (by) {
    case 'handshakeTimeout':
    case 'idleTimeout':
      return 'the server does not answer';
    case 'statelessReset':
      return 'the server has lost the session, perhaps by a restart';
    case 'local':
      return `closed by this client${note}`;
    case 'peer':
      return (isApplication ? wordsOfCloseCode(code) : `QUIC error ${code}`) + note;
  }
}

function wordsOfCloseCode(code: number): string {
  const words: Readonly<Record<CloseCode, string>> = {
    [CloseCode.Done]: 'the server ended the session',
    [CloseCode.ProtocolViolation]: 'the server found a fault in what this client sent',
    [CloseCode.LoginFailed]: 'the login was refused or took too long',
    [CloseCode.Replaced]: 'the same identity logged in again elsewhere',
    [CloseCode.Stopping]: 'the server is stopping; try again later',
    [CloseCode.TooSlow]: 'this client did not take what it was sent',
    [CloseCode.Internal]: 'the server had a fault',
    [CloseCode.Lost]: 'the server took the connection for lost',
    [CloseCode.Kicked]: 'kicked by a moderator',
    [CloseCode.Banned]: 'banned by a moderator',
  };
  return code in words ? words[code as CloseCode] : `close code ${code}`;
}
