import type { QuicDriver } from '@rookery/transport/quicDriver';
import type { ConnectionId, StreamId } from '@rookery/transport/quicTypes';
import { TransportError } from '@rookery/transport/transportError';

/**
 * The endpoint as one connection sees it. Between a connection's end inside QUIC and its `closed`
 * event, calls find nothing there any more: they do nothing, for the event follows.
 */
export class QuicPeer {
  readonly #driver: Pick<QuicDriver, 'endpoint' | 'wake'>;
  readonly #connection: ConnectionId;

  constructor(driver: Pick<QuicDriver, 'endpoint' | 'wake'>, connection: ConnectionId) {
    this.#driver = driver;
    this.#connection = connection;
  }

  /** The address that the peer has now, without its port; null once it is gone. */
  get host(): string | null {
    return this.#driver.endpoint.remoteOf(this.#connection)?.host ?? null;
  }

  /** @returns false when the stream takes nothing now; a `writable` event follows */
  write(stream: StreamId, bytes: Uint8Array): boolean {
    return this.#unlessGone(true, (endpoint) => endpoint.write(this.#connection, stream, bytes));
  }

  /** Ends the stream. @returns as write() */
  finish(stream: StreamId): boolean {
    return this.#unlessGone(true, (endpoint) =>
      endpoint.write(this.#connection, stream, nothing, true),
    );
  }

  /** @returns a new unidirectional stream, or null when the peer allows none or is gone */
  openUni(urgency: number): StreamId | null {
    return this.#unlessGone(null, (endpoint) => {
      const stream = endpoint.openUni(this.#connection);
      endpoint.setPriority(this.#connection, stream, urgency);
      return stream;
    });
  }

  /** Best effort. @returns false when the peer is gone, takes none, or none as long */
  sendDatagram(bytes: Uint8Array): boolean {
    return this.#unlessGone(false, (endpoint) => endpoint.sendDatagram(this.#connection, bytes));
  }

  /** Its packets are looked at first from here on. */
  prefer(): void {
    this.#driver.endpoint.prefer(this.#connection);
  }

  prioritise(stream: StreamId, urgency: number): void {
    this.#unlessGone(undefined, (endpoint) =>
      endpoint.setPriority(this.#connection, stream, urgency),
    );
  }

  /** Closes at once; what is still in the streams is lost. */
  close(code: number, reason: string): void {
    this.#unlessGone(undefined, (endpoint) => endpoint.close(this.#connection, code, reason));
    this.#driver.wake();
  }

  #unlessGone<T>(gone: T, call: (endpoint: QuicDriver['endpoint']) => T): T {
    try {
      return call(this.#driver.endpoint);
    } catch (error) {
      if (error instanceof TransportError && goneCodes.has(error.code)) return gone;
      throw error;
    }
  }
}

const nothing = new Uint8Array(0);

/** The peer took its connection or stream away, or never gave one. */
const goneCodes: ReadonlySet<string> = new Set([
  'unknownConnection',
  'unknownStream',
  'streamLimit',
]);
