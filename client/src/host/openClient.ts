import { clientVersion } from '../clientVersion.js';
import { openPortAudio } from '../engine/audio/device/portAudioDevice.js';
import { defaultProfileFolder, type Surroundings } from '../engine/profileFolder.js';
import { keysProcess } from '../keys/globalKeys.js';
import { ClientHost, type ClientHostOptions } from './clientHost.js';
import { loadSystemKeychain } from './systemKeychain.js';

export interface OpenClientOptions extends Pick<ClientHostOptions, 'onSettings'> {
  readonly surroundings: Surroundings;
  /** The usual one where it is left out. */
  readonly profileFolder?: string | undefined;
}

/**
 * The client as users run it, with all that the system has: sound, keys, keychain.
 *
 * @throws as ClientHost.open()
 */
export function openClient(options: OpenClientOptions): Promise<ClientHost> {
  const { surroundings, profileFolder, ...others } = options;
  return ClientHost.open({
    ...others,
    profileFolder: profileFolder ?? defaultProfileFolder(surroundings),
    clientName: `rookery ${clientVersion()}`,
    timeoutMs: 10_000,
    reconnectMs: 24 * 3_600_000,
    audio: { open: openPortAudio },
    keychain: loadSystemKeychain,
    keys: { ...surroundings, entry: keysProcess },
  });
}
