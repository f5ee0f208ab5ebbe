/** What the bench and the process of idle clients say to each other. */
export type ToIdleClients =
  /** Connects so many more to the port, with a login or the handshake alone. */
  | { readonly type: 'connect'; readonly port: number; readonly count: number; readonly as: IdleAs }
  | { readonly type: 'countLost' };

export type IdleAs = 'session' | 'connection';

export interface FromIdleClients {
  readonly lost: number;
}
