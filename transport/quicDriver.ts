import type { ConnectionId, QuicEndpoint, QuicEvent } from './quicTypes.js';
import type { UdpAddress, UdpSocket } from './udpSocket.js';

/**
 * Runs one endpoint on one socket and the real clock: feeds packets, fires timers, hands every event
 * to `onEvent` and flushes once per turn of the event loop.
 *
 * After calling methods of `endpoint` outside `onEvent`, call wake(): it schedules the flush.
 */
export interface QuicDriver {
  readonly endpoint: QuicEndpoint;
  readonly socket: UdpSocket;
  wake(): void;
  connect(remote: UdpAddress, serverName: string, ticket?: Uint8Array): ConnectionId;
  /** Closes every connection with the code, waits briefly until the packets are out, closes the socket. */
  close(code: number, reason: string): Promise<void>;
}

export type QuicEventHandler = (event: QuicEvent) => void;
