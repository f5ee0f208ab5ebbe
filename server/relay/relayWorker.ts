import type { MessagePort } from 'node:worker_threads';
import { parentPort, workerData } from 'node:worker_threads';
import { openUdpSocket } from '@rookery/transport/openUdpSocket';
import { TransportError } from '@rookery/transport/transportError';
import type { UdpSocket } from '@rookery/transport/udpSocket';
import { counterTable } from '../tables/counterTable.js';
import { arenaWords, ReceiverListReader } from '../tables/receiverLists.js';
import { sessionTable } from '../tables/sessionTable.js';
import { Relay } from './relay.js';
import type { FromRelayWorker, RelaySetup } from './relayMessages.js';

/** How often failed sends are carried over from the socket, in milliseconds. */
const sendFailureIntervalMs = 250;

/**
 * Thread entry of a relay: owns a voice socket and one row of the counters, reads all else from
 * the shared tables. An exception anywhere ends the thread; the main thread starts another.
 */
async function runRelay(setup: RelaySetup, main: MessagePort): Promise<void> {
  const say = (message: FromRelayWorker): void => main.postMessage(message);
  let socket: UdpSocket;
  try {
    socket = await openUdpSocket({
      host: setup.host,
      port: setup.port,
      bufferBytes: setup.limits.socketBufferBytes,
      onPacket: (packet, from) => relay.receive(packet, from, performance.now()),
    });
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    say({ type: 'failed', code: error.code, message: error.message });
    return;
  }
  // Packets come in later turns of the event loop, so the relay is there before the first.
  const relay = makeRelay(setup, socket);
  const failures = setInterval(() => {
    relay.countSendFailures(socket.counters.sendFailures);
  }, sendFailureIntervalMs);
  // All that a worker is ever told is to stop. With port, timer and socket closed nothing keeps it.
  main.once('message', () => {
    clearInterval(failures);
    main.close();
    void socket.close();
  });
  say({ type: 'ready', port: socket.localAddress.port });
}

function makeRelay(setup: RelaySetup, socket: UdpSocket): Relay {
  const { limits, tables } = setup;
  const words = arenaWords(limits.sessionsMax, limits.roomsMax);
  return new Relay({
    sessions: sessionTable.attach(tables.sessions),
    lists: new ReceiverListReader(tables.lists, words, limits.tableReadRetriesMax),
    counters: counterTable.attach(setup.counters),
    counterRow: setup.counterRow,
    limits,
    send: (packet, offset, length, to) => socket.send(packet, offset, length, to),
    serverTimeUs: () => Math.round((performance.timeOrigin + performance.now()) * 1_000),
  });
}

if (parentPort === null) throw new Error('relayWorker runs as a worker thread only');
await runRelay(workerData as RelaySetup, parentPort);
