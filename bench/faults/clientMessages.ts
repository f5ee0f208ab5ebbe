/** What the bench asks of the process that holds real clients. */
export type ClientRequest =
  | {
      readonly type: 'open';
      /** HOST:PORT of the server. */
      readonly address: string;
      /** Where their profiles are made. */
      readonly folder: string;
      readonly clients: number;
      /** The first of them speak, without a pause. */
      readonly speakers: number;
    }
  | {
      readonly type: 'untilBack';
      /** When the server was killed, by `machineUs`. */
      readonly killedAtUs: number;
      readonly timeoutMs: number;
    }
  | { readonly type: 'close' };

export interface ClientReply {
  /**
   * For each client, how long after the kill it heard somebody again who spoke after it; null: not
   * at all. Empty but of `untilBack`.
   */
  readonly backAfterMs: readonly (number | null)[];
}
