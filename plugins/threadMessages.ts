import type { PluginLogLevel } from './blockFunctions.js';
import type { PluginLimits } from './limits.js';

/** Given to a plugin's thread when it is made (`workerData`). */
export interface PluginThreadSetup {
  /** Examined; the thread compiles it. */
  readonly module: Uint8Array;
  readonly settings: Readonly<Record<string, string>>;
  readonly answers: SharedArrayBuffer;
  readonly limits: PluginLimits;
}

/** To a plugin's thread: an event, as JSON. One at a time. */
export interface PluginCall {
  readonly event: string;
}

/** From a plugin's thread. */
export type PluginThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done' }
  /** The plugin cannot be started, or failed at an event: the thread is of no more use. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'log'; readonly level: PluginLogLevel; readonly text: string }
  /** It waits for the answer of this number. */
  | {
      readonly kind: 'ask';
      readonly number: number;
      readonly name: string;
      readonly input: string;
    };
