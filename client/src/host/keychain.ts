import { ClientError } from '../engine/clientError.js';

/** Where the system keeps secrets of its user: by the names that they were given. */
export interface SecretStore {
  set(name: string, secret: string): Promise<void>;
  /** @returns null where there is none of this name */
  get(name: string): Promise<string | null>;
  /** Does nothing where there is none of this name. */
  delete(name: string): Promise<void>;
}

/** Looking one name up tells whether there is a keychain at all. */
const probeName = 'probe';

/** A keychain that waits for something that never comes is none. */
const probeMsMax = 5_000;

/**
 * Passwords of servers, in the keychain of the system and nowhere else: where there is none, they
 * are not kept. Never logged, never in a file of ours, never shown to a window.
 */
export class Keychain {
  private store: SecretStore | null = null;
  private opening = Promise.resolve();

  /** @param onChange it became known whether there is a keychain */
  constructor(private readonly onChange: () => void) {}

  /** False until open() has found one. */
  get canKeep(): boolean {
    return this.store !== null;
  }

  /**
   * Tries a keychain; one that fails, or does not answer in time, is none.
   *
   * @param load gets hold of it; null: this system has none
   */
  open(load: () => Promise<SecretStore | null>): Promise<void> {
    this.opening = Promise.race([tried(load), laterNull(probeMsMax)]).then((store) => {
      if (store === null) return;
      this.store = store;
      this.onChange();
    });
    return this.opening;
  }

  /** @throws ClientError `noKeychain` */
  async keep(bookmarkId: string, password: string): Promise<void> {
    const { store } = this;
    if (store === null) throw noKeychain();
    await this.ask(store.set(nameOf(bookmarkId), password));
  }

  /** @returns null where none is kept, or it is not to be had now */
  async read(bookmarkId: string): Promise<string | null> {
    await this.opening;
    try {
      return (await this.store?.get(nameOf(bookmarkId))) ?? null;
    } catch {
      // Locked, or its user said no: whoever needs the password asks for it.
      return null;
    }
  }

  /** @throws ClientError `noKeychain` where it may still be there */
  async forget(bookmarkId: string): Promise<void> {
    const { store } = this;
    if (store === null) throw noKeychain();
    await this.ask(store.delete(nameOf(bookmarkId)));
  }

  /** As forget(), of what is never read again: it stays where it cannot be reached. */
  async drop(bookmarkId: string): Promise<void> {
    await this.store?.delete(nameOf(bookmarkId)).catch(() => undefined);
  }

  private async ask(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      throw noKeychain(error);
    }
  }
}

async function tried(load: () => Promise<SecretStore | null>): Promise<SecretStore | null> {
  try {
    const store = await load();
    await store?.get(probeName);
    return store;
  } catch {
    return null;
  }
}

function laterNull(waitMs: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), waitMs).unref());
}

function nameOf(bookmarkId: string): string {
  return `server password of ${bookmarkId}`;
}

function noKeychain(cause?: unknown): ClientError {
  return new ClientError(
    'noKeychain',
    "the system's keychain is not there or is locked; unlock it (on Linux: a secret service such " +
      'as GNOME Keyring or KWallet), or type the password each time',
    { cause },
  );
}
