import type { ConnectOptions, EngineOptions } from './engineOptions.js';
import { loadIdentity, type Identity } from './identity.js';
import type { ServerUser } from './serverRecords.js';
import { notConnected } from './sessionFaults.js';

/** Who logs in where, and signs for it. */
export interface SessionUser extends ServerUser {
  readonly identity: Identity;
}

/** Told who logs in, before that. */
export type UserListener = (user: ServerUser) => Promise<void>;

/** @throws ClientError as loadIdentity(), or `disconnected` where it is not wanted any more. */
export async function loadSessionUser(
  { profileFolder, passphrase }: EngineOptions,
  { identity: name, address }: ConnectOptions,
  signal: AbortSignal,
): Promise<SessionUser> {
  const identity = await loadIdentity(profileFolder, {
    name,
    address,
    passphrase: passphrase && ((identityName) => passphrase(identityName, signal)),
  });
  if (signal.aborted) throw notConnected();
  return { ...address, publicKey: identity.publicKey, identity };
}
