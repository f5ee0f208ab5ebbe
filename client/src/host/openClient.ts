import { fileURLToPath } from 'node:url';
import { readReleasePublisher, releaseAround } from '@rookery/schemas/release/releaseInfo';
import { clientVersion } from '../clientVersion.js';
import { openPortAudio } from '../engine/audio/device/portAudioDevice.js';
import { defaultProfileFolder, type Surroundings } from '../engine/profileFolder.js';
import { keysProcess } from '../keys/globalKeys.js';
import { ClientHost, type ClientHostOptions } from './clientHost.js';
import { loadSystemKeychain } from './systemKeychain.js';
import type { SourceWish } from './updateSource.js';

export interface OpenClientOptions extends Pick<ClientHostOptions, 'onSettings'> {
  readonly surroundings: Surroundings;
  /** The usual one where it is left out. */
  readonly profileFolder?: string | undefined;
  /** Where newer versions are, before what the settings say. */
  readonly updatesFrom?: SourceWish;
}

/**
 * The client as users run it, with all that the system has: sound, keys, keychain.
 *
 * @throws as ClientHost.open()
 */
export function openClient(options: OpenClientOptions): Promise<ClientHost> {
  const { surroundings, profileFolder, updatesFrom = {}, ...others } = options;
  const installedVersion = clientVersion();
  return ClientHost.open({
    ...others,
    profileFolder: profileFolder ?? defaultProfileFolder(surroundings),
    clientName: `rookery ${installedVersion}`,
    updates: { installedVersion, given: updatesFrom, builtIn: publisherOfThis() },
    timeoutMs: 10_000,
    reconnectMs: 24 * 3_600_000,
    audio: { open: openPortAudio },
    keychain: loadSystemKeychain,
    keys: { ...surroundings, entry: keysProcess },
  });
}

/** Whom the release names that this client is of; a checkout is of none. */
function publisherOfThis(): SourceWish {
  const folder = releaseAround(fileURLToPath(import.meta.url));
  const publisher = folder === null ? null : readReleasePublisher(folder);
  return { url: publisher?.updateUrl ?? '', key: publisher?.updateKey ?? '' };
}
