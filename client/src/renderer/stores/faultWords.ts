import { RemoteFault } from '@rookery/client/bridge/bridgeFace';
import type { ClientErrorCode } from '@rookery/client/engine/clientError';
import type { EngineFault } from '@rookery/client/engine/engineState';

/** What a command rejected with, as plain data. */
export function faultOf(error: unknown): EngineFault {
  if (error instanceof RemoteFault) return error.fault;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

/**
 * Faults with which one does not get onto a server, or not stay there: each has words in every
 * language (`fault.CODE.what`) and says what to do next (`fault.CODE.next`). In all others the
 * engine's own words stand. A code of the engine that is not here does not compile.
 */
export const faultKinds = {
  unreachable: 'connecting',
  wrongPassword: 'connecting',
  wrongAccountPassword: 'connecting',
  invitationNeeded: 'connecting',
  badInvitation: 'connecting',
  awaitingApproval: 'connecting',
  nameTaken: 'connecting',
  nameNotAllowed: 'connecting',
  banned: 'connecting',
  shutOut: 'connecting',
  serverFull: 'connecting',
  serverBusy: 'connecting',
  versionMismatch: 'connecting',
  loginRefused: 'connecting',
  fingerprintChanged: 'connecting',
  serverUnknown: 'connecting',
  invalidAddress: 'connecting',
  passphraseNeeded: 'connecting',
  wrongPassphrase: 'connecting',
  noSuchIdentity: 'connecting',
  identityUnreadable: 'connecting',
  knownServersUnreadable: 'connecting',
  profileBusy: 'connecting',
  disconnected: 'connecting',
  sessionEnded: 'connecting',
  protocolViolation: 'connecting',
  unreadableWav: 'other',
  fileUnreadable: 'other',
  outputUnwritable: 'other',
  noKeychain: 'other',
  invalidRoomPath: 'other',
  invalidInput: 'other',
  noSuchRoom: 'other',
  commandRefused: 'other',
  notAnswered: 'other',
  cancelled: 'other',
  voiceUnreachable: 'other',
  noAudioLibrary: 'other',
  noAudioDevice: 'other',
  audioDeviceInUse: 'other',
  audioNotAllowed: 'other',
  audioDeviceFailed: 'other',
  stressMissed: 'other',
  pluginRefused: 'other',
  pluginFailed: 'other',
  internal: 'other',
} as const satisfies Readonly<Record<ClientErrorCode, 'connecting' | 'other'>>;

type FaultKinds = typeof faultKinds;

/** Codes that have words here. */
export type ConnectFaultCode = {
  [Code in ClientErrorCode]: FaultKinds[Code] extends 'connecting' ? Code : never;
}[ClientErrorCode];

export function isConnectFault(code: ClientErrorCode): code is ConnectFaultCode {
  return faultKinds[code] === 'connecting';
}

/** @param t of vue-i18n. @returns what happened, and what to do next */
export function wordsOfFault(
  { code, message }: EngineFault,
  t: (key: `fault.${ConnectFaultCode}.${'what' | 'next'}`) => string,
): string {
  if (!isConnectFault(code)) return message;
  return `${t(`fault.${code}.what`)} ${t(`fault.${code}.next`)}`;
}

/** Of which the server's own words say more than ours can. */
const toldByServer: readonly ClientErrorCode[] = [
  'awaitingApproval',
  'nameTaken',
  'nameNotAllowed',
  'loginRefused',
  'serverBusy',
  'sessionEnded',
  'identityUnreadable',
  'knownServersUnreadable',
  'protocolViolation',
];

/** The engine's, or the server's, own words, where they say more; else null. */
export function detailOfFault({ code, message, facts }: EngineFault): string | null {
  if (facts?.note !== undefined) return facts.note;
  return !isConnectFault(code) || toldByServer.includes(code) ? message : null;
}
