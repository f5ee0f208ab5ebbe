import { setImmediate } from 'node:timers/promises';
import type { MessagePort } from 'node:worker_threads';
import { makePackedAddress, parsePackedAddress } from '@rookery/transport/packedAddress';
import { PortableBatchSocket } from '@rookery/transport/portableBatchSocket';
import { openPortableUdpSocket } from '@rookery/transport/portableUdpSocket';
import { TransportError } from '@rookery/transport/transportError';
import type { UdpSocket } from '@rookery/transport/udpSocket';
import type { RelayClock } from './relayClock.js';
import { outgoingBytesOf, Relay } from './relay.js';
import type { FromRelayWorker, RelaySocket } from './relayMessages.js';
import type { RelayThreadParts } from './relayThreadParts.js';
import { QuicSource } from './relayThreadParts.js';

/** How often failed sends are carried over from the socket, in milliseconds. */
const sendFailureIntervalMs = 250;

/**
 * Relays packet by packet on the event loop, where there are no batch sockets. No frame waits for
 * another: a datagram costs far more here than a timer would save.
 */
export async function runPortableRelay(
  { host, port }: RelaySocket & { kind: 'portable' },
  parts: RelayThreadParts,
  main: MessagePort,
): Promise<void> {
  const say = (message: FromRelayWorker): void => main.postMessage(message);
  const { limits, tables } = parts;
  const from = makePackedAddress();
  const nowMs = new Float64Array(1);
  const clock: RelayClock = {
    nowMs,
    epochMs: performance.timeOrigin,
    read: () => {
      nowMs[0] = performance.now();
    },
  };
  let socket: UdpSocket;
  try {
    socket = await openPortableUdpSocket({
      host,
      port,
      bufferBytes: limits.socketBufferBytes,
      onPacket: (packet, { host, port }) => {
        // An address that is none, a zone's say, is like a port of 0: no session's.
        if (!parsePackedAddress({ host, port }, from)) from.bytes.fill(0);
        clock.read();
        relay.receive(packet, packet.length, from.words);
        relay.flushDue();
      },
    });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    say({ type: 'failed', code: error.code, message: error.message });
    return;
  }
  // Packets come in later turns of the event loop, so the relay is there before the first.
  const batchSocket = new PortableBatchSocket(socket, outgoingBytesOf(limits));
  const relay = new Relay({ ...parts, clock, socket: batchSocket, bundleWindowMsMax: 0 });
  void relayFromQuic(parts, relay, clock);
  let failuresSeen = 0;
  const failures = setInterval(() => {
    const { sendFailures } = socket.counters;
    tables.counters.columns.dropSend.add(tables.ownIndex, sendFailures - failuresSeen);
    failuresSeen = sendFailures;
  }, sendFailureIntervalMs);
  // All that a worker is ever told is to stop. With port, timer and socket closed nothing keeps it.
  main.once('message', () => {
    clearInterval(failures);
    main.close();
    void socket.close();
  });
  say({ type: 'ready', port: socket.localAddress.port });
}

/** Relays what comes over QUIC until the ring is closed; does not keep the thread alive. */
async function relayFromQuic(
  parts: RelayThreadParts,
  relay: Relay,
  clock: RelayClock,
): Promise<void> {
  const source = new QuicSource(parts);
  const { header } = parts.fromQuic;
  while (!header.closed) {
    const { signal } = header;
    clock.read();
    source.take(relay);
    relay.flushDue();
    // Packets of the socket have their turn between two batches.
    if (source.hasMore) await setImmediate();
    else await header.sleepAsync(signal);
  }
}
