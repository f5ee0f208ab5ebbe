import type { ConnectionOptions } from './connection.js';
import type { ConnectOptions } from './engineOptions.js';

/** What was changed of the own account since the engine's connect(). */
export interface AccountChanges {
  readonly displayName?: string;
  /** Of the account; '' where it was removed. */
  readonly accountPassword?: string;
}

type Credentials = Pick<
  ConnectionOptions,
  'displayName' | 'password' | 'accountPassword' | 'inviteCode'
>;

/**
 * What a login says beside the key.
 *
 * @param login whether this is the first one since connect(): only that needs the invitation, which
 *   may be of no use to another.
 */
export function credentialsOf(
  options: ConnectOptions,
  changes: AccountChanges,
  login: 'first' | 'later',
): Credentials {
  const { displayName, password = '', accountPassword = '', inviteCode = '' } = options;
  const usedCode = login === 'first' ? inviteCode : '';
  return { displayName, password, accountPassword, inviteCode: usedCode, ...changes };
}
