import { createQuicClient, createQuicServer } from '../quicEndpoint.js';
import { defaultQuicLimits } from '../quicLimits.js';
import type { ConnectionId, QuicEvent, QuicLimits, QuicServerTls, StreamId } from '../quicTypes.js';
import type { UdpAddress } from '../udpSocket.js';
import type { LinkConditions } from './simulatedLink.js';
import { SimulatedNetwork } from './simulatedNetwork.js';
import type { SimulatedNode } from './simulatedNetwork.js';
import type { SteppedClock } from './steppedClock.js';

export const testAlpn = 'rookery-test';
export const serverAddress: UdpAddress = { host: '192.0.2.1', port: 4640 };
export const clientAddress: UdpAddress = { host: '198.51.100.7', port: 50_000 };

export interface PairOptions {
  readonly clock: SteppedClock;
  readonly tls: QuicServerTls;
  readonly startMs: number;
  readonly seed?: number;
  readonly conditions?: LinkConditions;
  readonly limits?: Partial<QuicLimits>;
  readonly serverLimits?: Partial<QuicLimits>;
  readonly ticketKey?: Uint8Array;
  readonly isBarred?: (host: string) => boolean;
}

/** A server, a client, and the network between them. */
export class EndpointPair {
  readonly network: SimulatedNetwork;
  readonly server: SimulatedNode;
  readonly client: SimulatedNode;
  readonly options: PairOptions;

  constructor(options: PairOptions) {
    const { clock, startMs, seed = 1, conditions } = options;
    this.options = options;
    this.network = new SimulatedNetwork(clock, startMs, seed, conditions);
    this.client = this.addClient(clientAddress);
    this.server = this.addServer();
  }

  /** The first one is at the near end of the link; further ones must come from there too. */
  addClient(address: UdpAddress): SimulatedNode {
    const endpoint = createQuicClient({
      alpn: testAlpn,
      limits: { ...defaultQuicLimits, ...this.options.limits },
      localAddress: address,
    });
    return this.network.add(endpoint, address);
  }

  addServer(): SimulatedNode {
    const { tls, limits, serverLimits, isBarred } = this.options;
    const { ticketKey = new Uint8Array(48).fill(7) } = this.options;
    const endpoint = createQuicServer({
      tls,
      alpn: testAlpn,
      limits: { ...defaultQuicLimits, ...limits, ...serverLimits },
      localAddress: serverAddress,
      ticketKey,
      ...(isBarred && { isBarred }),
    });
    return this.network.add(endpoint, serverAddress);
  }

  /** Begins a connection of the first client. */
  dial(ticket?: Uint8Array): ConnectionId {
    const { nowMs } = this.network;
    return this.client.endpoint.connect(serverAddress, 'rookery.test', nowMs, ticket);
  }

  /** Connects; both sides know of it afterwards. */
  connect(ticket?: Uint8Array): { onClient: ConnectionId; onServer: ConnectionId } {
    const serverEventsBefore = this.server.events.length;
    const onClient = this.dial(ticket);
    const connected = (): QuicEvent | undefined =>
      this.server.events.slice(serverEventsBefore).find(({ type }) => type === 'connected');
    this.network.runUntil(
      () => connected() !== undefined && eventsOf(this.client, 'connected', onClient).length > 0,
    );
    return { onClient, onServer: connected()!.connection };
  }
}

/** The events of one type, of one connection where it is given. */
export function eventsOf<T extends QuicEvent['type']>(
  node: SimulatedNode,
  type: T,
  connection?: ConnectionId,
): Extract<QuicEvent, { type: T }>[] {
  return node.events.filter(
    (event): event is Extract<QuicEvent, { type: T }> =>
      event.type === type && (connection === undefined || event.connection === connection),
  );
}

/** All bytes that a node was told of one stream so far. */
export function receivedBytes(
  node: SimulatedNode,
  connection: ConnectionId,
  stream: StreamId,
): Uint8Array {
  const chunks = eventsOf(node, 'stream', connection)
    .filter((event) => event.stream === stream)
    .map(({ bytes }) => bytes);
  return Buffer.concat(chunks);
}

/** Whether a node was told the end of a stream. */
export function hasFinished(
  node: SimulatedNode,
  connection: ConnectionId,
  stream: StreamId,
): boolean {
  return eventsOf(node, 'stream', connection).some((event) => event.stream === stream && event.fin);
}

/** Writes as much as the endpoint takes of what is left; call again on `writable`. */
export function writeAll(
  node: SimulatedNode,
  connection: ConnectionId,
  stream: StreamId,
  bytes: Uint8Array,
  chunkBytes = 4096,
): void {
  let offset = 0;
  const writeMore = (): void => {
    while (offset < bytes.length) {
      const chunk = bytes.subarray(offset, offset + chunkBytes);
      const isLast = offset + chunk.length === bytes.length;
      if (!node.endpoint.write(connection, stream, chunk, isLast)) return;
      offset += chunk.length;
    }
  };
  const previous = node.onEvent;
  node.onEvent = (event) => {
    previous(event);
    if (event.type === 'writable' && event.connection === connection && event.stream === stream) {
      writeMore();
    }
  };
  writeMore();
}
