/** The two files of a plugin, among those that somebody chose. */
export interface ChosenPlugin {
  readonly manifest: File;
  readonly module: File;
}

/** What is wrong with what was chosen: a key of `plugins`. */
export type ChoiceFault = 'filesMissing' | 'tooManyFiles' | 'manifestTooLarge' | 'tooLarge';

/** As a server and a client have it (plugins/limits.ts). */
const manifestBytesMax = 16_384;

/**
 * Finds the two by their names, as they are or in a folder.
 *
 * @param moduleBytesMax what can be handed on
 * @returns a fault where they are not there, several are, or one is too large to be read
 */
export function choosePlugin(
  files: readonly File[],
  moduleBytesMax: number,
): ChosenPlugin | ChoiceFault {
  const [manifest, ...otherManifests] = files.filter(({ name }) => name.endsWith('.toml'));
  const [module, ...otherModules] = files.filter(({ name }) => name.endsWith('.wasm'));
  if (manifest === undefined || module === undefined) return 'filesMissing';
  if (otherManifests.length + otherModules.length > 0) return 'tooManyFiles';
  if (manifest.size > manifestBytesMax) return 'manifestTooLarge';
  return module.size > moduleBytesMax ? 'tooLarge' : { manifest, module };
}
