import { createHash } from 'node:crypto';
import { userIdOf } from '@rookery/schemas/loginMessage';
import type { Uuid } from '@rookery/schemas/messages';

/** As whom a plugin writes and acts. */
export interface PluginUser {
  readonly userId: Uuid;
  /** 32 bytes; a hash, so nobody has the other half and logs in by it. */
  readonly publicKey: Uint8Array;
  /** With the mark by which people know a plugin. */
  readonly displayName: string;
}

/** The same for a name at each start, so roles that it was given are its own. */
export function pluginUserOf(name: string): PluginUser {
  const digest = createHash('sha256').update(`rookery plugin ${name}`).digest();
  const publicKey = new Uint8Array(digest);
  return { userId: userIdOf(publicKey), publicKey, displayName: `${name} (bot)` };
}
