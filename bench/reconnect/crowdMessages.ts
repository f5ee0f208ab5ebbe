import type { ReturnOfCrowd } from './returningCrowd.js';

/** What the bench and the process of the crowd say to each other. */
export type ToCrowd =
  | {
      readonly type: 'settle';
      /** QUIC port of the server on 127.0.0.1. */
      readonly port: number;
      readonly users: number;
      readonly usersPerRoom: number;
    }
  | { readonly type: 'lose' }
  | { readonly type: 'comeBack'; readonly timeoutMs: number }
  | { readonly type: 'outliveRestart'; readonly timeoutMs: number }
  | { readonly type: 'leave'; readonly count: number }
  | { readonly type: 'logInQuietly'; readonly count: number };

/** null but to `comeBack` and `outliveRestart`. */
export type FromCrowd = ReturnOfCrowd | null;
