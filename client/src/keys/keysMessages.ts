import type { KeysProblem } from './keysState.js';

/** What the process that sees keys is told: of which keys it is to tell. It tells of no other. */
export interface KeysWatch {
  readonly codes: readonly string[];
}

/** What it tells. */
export type KeysNews =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly problem: KeysProblem }
  | { readonly kind: 'key'; readonly code: string; readonly isDown: boolean };
