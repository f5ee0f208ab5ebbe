import { ClientError } from './clientError.js';
import { identityOf, openRecord, type Identity } from './identityFile.js';
import { IdentityStore, isSealed, usingFile } from './identityStore.js';
import type { ServerAddress } from './serverAddress.js';

export type { Identity } from './identityFile.js';

/** Which identity, and how its passphrase is come by. */
export interface IdentityWish {
  /** Absent for the one chosen for the server, else the default one. */
  readonly name?: string | undefined;
  readonly address?: ServerAddress;
  /** Asked where the identity has a passphrase. @throws ClientError `passphraseNeeded` */
  readonly passphrase?: ((identityName: string) => Promise<string>) | undefined;
}

/**
 * An identity of a profile folder, ready to sign. The first is made on first use, together with the
 * folder, in a file that only its owner may read; processes that start together get the same one.
 * Opening one with a passphrase takes about 0.1 s of a core, in another thread.
 *
 * @throws ClientError `identityUnreadable` when the file is there but broken or cannot be read: it
 *   is never overwritten, because whoever loses it loses their name on every server;
 *   `noSuchIdentity`, `passphraseNeeded`, `wrongPassphrase`.
 */
export async function loadIdentity(
  profileFolder: string,
  { name, address, passphrase }: IdentityWish = {},
): Promise<Identity> {
  const store = new IdentityStore(profileFolder);
  const found = await store.find(name ?? null, address ?? null);
  const { record } = found;
  const plain = isSealed(record)
    ? await openRecord(record, await (passphrase ?? nobodyToAsk)(found.name))
    : record;
  return usingFile(store.pathOf(found.name), () => Promise.resolve(identityOf(plain)));
}

function nobodyToAsk(identityName: string): Promise<string> {
  return Promise.reject(
    new ClientError('passphraseNeeded', `identity "${identityName}" has a passphrase: give it`),
  );
}
