import { userIdOf } from '@rookery/schemas/loginMessage';
import { z } from 'zod';
import { ClientError } from '../engine/clientError.js';
import { identityBlockMax } from '../engine/identityBlock.js';
import {
  IdentityStore,
  type IdentityEntry,
  type PassphraseSource,
} from '../engine/identityStore.js';
import { parseServerAddress } from '../engine/serverAddress.js';
import { checked } from './checked.js';

/** An identity as windows show it; keys stay in their files. */
export interface ShownIdentity extends IdentityEntry {
  /** Who one is to servers with it; null where its file cannot be used. */
  readonly userId: string | null;
}

const name = z.string().max(64);
const passphrase = z.string().min(1).max(1_024);
const text = z.string().max(identityBlockMax);

/** What windows do with the identities of the profile. It rejects as IdentityStore does. */
export class IdentityDesk {
  private readonly store: IdentityStore;

  constructor(profileFolder: string) {
    this.store = new IdentityStore(profileFolder);
  }

  /** By name. */
  async list(): Promise<readonly ShownIdentity[]> {
    return (await this.store.list()).map((entry) => ({ ...entry, userId: userIdOfEntry(entry) }));
  }

  /** The identity that is used where none is chosen; a profile without any gets its first. */
  async first(): Promise<ShownIdentity> {
    await this.store.find(null, null);
    const identity = (await this.list()).find(({ isDefault }) => isDefault);
    if (identity === undefined) throw new ClientError('noSuchIdentity', 'there is no identity');
    return identity;
  }

  /** @param newPassphrase null for none */
  async create(called: string, newPassphrase: string | null): Promise<void> {
    const source = newPassphrase === null ? null : given(newPassphrase);
    await this.store.create(checked(name, called), source);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.store.rename(checked(name, from), checked(name, to));
  }

  /** For good. */
  async remove(called: string): Promise<void> {
    await this.store.remove(checked(name, called));
  }

  async chooseDefault(called: string): Promise<void> {
    await this.store.chooseDefault(checked(name, called));
  }

  /** @param called null for the default one */
  async chooseForServer(address: string, called: string | null): Promise<void> {
    const chosen = checked(name.nullable(), called);
    await this.store.chooseForServer(parseServerAddress(address), chosen);
  }

  /**
   * The text of a backup.
   *
   * @param newPassphrase that it is sealed with, where the identity has none of its own
   */
  async exportText(called: string, newPassphrase: string | null): Promise<string> {
    return this.store.exportText(checked(name, called), given(newPassphrase));
  }

  /** @param itsPassphrase null where it has none */
  async importText(called: string, block: string, itsPassphrase: string | null): Promise<void> {
    const source = given(itsPassphrase);
    await this.store.importText(checked(name, called), checked(text, block), source);
  }

  /** @param before null where it has none; @param after null for none */
  async changePassphrase(
    called: string,
    before: string | null,
    after: string | null,
  ): Promise<void> {
    const next = after === null ? null : given(after);
    await this.store.changePassphrase(checked(name, called), given(before), next);
  }
}

/** What the user gave already. */
function given(what: string | null): PassphraseSource {
  return () => {
    if (what === null || what === '') {
      return Promise.reject(new ClientError('passphraseNeeded', 'give a passphrase'));
    }
    return Promise.resolve(checked(passphrase, what));
  };
}

function userIdOfEntry({ facts }: IdentityEntry): string | null {
  if (facts === null) return null;
  return userIdOf(new Uint8Array(Buffer.from(facts.publicKey, 'base64url')));
}
