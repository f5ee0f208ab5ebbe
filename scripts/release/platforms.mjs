import { ReleaseError } from './releaseError.mjs';

/** Platforms that a server can be packed for, once npm has the native parts for them. */
const platforms = {
  'linux-x64': { os: 'linux', cpu: 'x64', libc: 'glibc', debian: 'amd64' },
  'linux-arm64': { os: 'linux', cpu: 'arm64', libc: 'glibc', debian: 'arm64' },
};

/** The platform of this machine, by name. */
export const ownPlatform = `${process.platform}-${process.arch}`;

/**
 * @param {string} name
 * @returns {{ os: string, cpu: string, libc: string, debian: string }}
 * @throws {ReleaseError}
 */
export function platformOf(name) {
  if (Object.hasOwn(platforms, name)) return platforms[name];
  const known = Object.keys(platforms).join(', ');
  throw new ReleaseError(`A server cannot be packed for ${name}. There is: ${known}.`);
}
