import type { PluginManifest } from '../manifest.js';

/**
 * Where a plugin's sound stands: what one says before it is sent, or what each of the others says
 * as one hears it.
 */
export type SoundUse = NonNullable<PluginManifest['sound']>;
