import type { SecretStore } from './keychain.js';

/** What the entries of the client are listed under. */
const serviceName = 'Rookery';

/**
 * The keychain of the system: Keychain on macOS, the credential manager on Windows, the secret
 * service on Linux. The kernel's keyring is none, since it forgets at the next start.
 *
 * @throws where it cannot be loaded on this system
 */
export async function loadSystemKeychain(): Promise<SecretStore> {
  const { AsyncEntry } = await import('@napi-rs/keyring');
  const entry = (name: string): InstanceType<typeof AsyncEntry> =>
    new AsyncEntry(serviceName, name, { linux: { store: 'secret-service' } });
  return {
    set: (name, secret) => entry(name).setPassword(secret),
    get: (name) => entry(name).getPassword(),
    async delete(name) {
      await entry(name).deleteCredential();
    },
  };
}
