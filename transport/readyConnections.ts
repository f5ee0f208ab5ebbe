import type { QuicConnection } from './quicConnection.js';
import type { QuicEvent } from './quicTypes.js';

/** The connections of an endpoint that may have something to tell, those first that came first. */
export class ReadyConnections {
  #ready: QuicConnection[] = [];
  #readyAt = 0;

  add(connection: QuicConnection): void {
    if (connection.isReady) return;
    connection.isReady = true;
    this.#ready.push(connection);
  }

  /**
   * @param onRead is told of a connection of which bytes were taken out
   * @returns the next event; null where there is none
   */
  pollEvent(onRead: (connection: QuicConnection) => void): QuicEvent | null {
    while (this.#readyAt < this.#ready.length) {
      const connection = this.#ready[this.#readyAt]!;
      const event = connection.takeEvent();
      if (event !== null) {
        if (event.type === 'stream') onRead(connection);
        return event;
      }
      connection.isReady = false;
      this.#readyAt++;
    }
    this.#ready.length = 0;
    this.#readyAt = 0;
    return null;
  }
}
