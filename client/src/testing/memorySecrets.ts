import type { SecretStore } from '../host/keychain.js';

/** A keychain that is gone with the test. */
export class MemorySecrets implements SecretStore {
  readonly kept = new Map<string, string>();
  /** Whether it refuses everything, as one does whose user does not unlock it. */
  isLocked = false;

  set(name: string, secret: string): Promise<void> {
    return this.unlocked(() => void this.kept.set(name, secret));
  }

  get(name: string): Promise<string | null> {
    return this.unlocked(() => this.kept.get(name) ?? null);
  }

  delete(name: string): Promise<void> {
    return this.unlocked(() => void this.kept.delete(name));
  }

  private unlocked<Result>(work: () => Result): Promise<Result> {
    if (this.isLocked) return Promise.reject(new Error('the keychain is locked'));
    return Promise.resolve(work());
  }
}
