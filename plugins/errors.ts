/** Faults of plugins and of their folders; closed, so that each caller can handle every one. */
export type PluginErrorCode =
  | 'badManifest'
  | 'badModule'
  | 'badFolder'
  | 'wrongHash'
  | 'notApproved'
  | 'noSuchPlugin'
  | 'tooMany'
  | 'failed'
  | 'late'
  | 'tooLarge'
  | 'storeFull'
  | 'storageFault';

/** Thrown for what is wrong with a plugin. The message tells what, and what to do next. */
export class PluginError extends Error {
  override readonly name = 'PluginError';

  constructor(
    readonly code: PluginErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
