/** Two parties of QUIC in one process that the bench makes work, without sockets between them. */
export interface QuicWork {
  /** Shakes hands `count` times, one after the other, and closes each connection again. */
  logIn(count: number): void;
  /** Connects `count` clients for `deliver`. */
  openAudience(count: number): void;
  /**
   * Sends `messages` messages to each of the audience's clients before anything is put out, and
   * takes them in over there.
   *
   * @returns how many bytes arrived
   */
  deliver(message: Uint8Array, messages: number): number;
}

export const workAlpn = 'rookery-bench';
export const serverAddress = { host: '192.0.2.1', port: 4640 };
export const clientAddress = { host: '198.51.100.7', port: 50_000 };
export const ticketKey = new Uint8Array(48).fill(3);
