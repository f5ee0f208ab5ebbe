import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endpointLimits, overheadLimits } from './quicLimits.js';
import type { QuicLimits } from './quicTypes.js';
import { eventsOf, serverAddress, testAlpn } from './testing/endpointPair.js';
import type { EndpointPair } from './testing/endpointPair.js';
import { HostilePeer } from './testing/hostilePeer.js';
import {
  ackFrame,
  cryptoFrame,
  maxDataFrame,
  maxStreamDataFrame,
  newConnectionIdFrame,
  pathChallengeFrame,
  pingFrame,
  resetStreamFrame,
  retireConnectionIdFrame,
  streamFrame,
  type QuicFrame,
} from './testing/quicFrames.js';
import { Simulation } from './testing/simulation.js';
import { steppedClockObstacle } from './testing/steppedClock.js';
import type { UdpAddress } from './udpSocket.js';

/** Far more than any of them may send. */
const packetsMax = 20_000;
/** About 5 Mbit/s. */
const packetsPerStep = 5;
const stepMs = 10;

let simulation: Simulation;
const peers: HostilePeer[] = [];

/** A hostile peer that has a connection to the server of a pair. */
class Attack {
  readonly peer: HostilePeer;
  readonly address: UdpAddress;
  /** Packets and bytes that the server sent to it. */
  answers = 0;
  answerBytes = 0;
  readonly #pair: EndpointPair;
  #isHearing = true;

  constructor(pair: EndpointPair, port = 50_001) {
    this.address = { host: '198.51.100.7', port };
    this.#pair = pair;
    this.peer = new HostilePeer({ alpn: testAlpn, local: this.address, server: serverAddress });
    peers.push(this.peer);
    while (!this.peer.native.isEstablished() || this.connection === undefined) this.exchange();
    // What the library would still say, it says now.
    this.exchange();
  }

  /** What the server calls its connection; null once that is over. */
  get connection(): number | undefined {
    const connected = eventsOf(this.#pair.server, 'connected');
    return connected.find(({ remote }) => remote.port === this.address.port)?.connection;
  }

  get isOver(): boolean {
    return eventsOf(this.#pair.server, 'closed', this.connection).length > 0;
  }

  /** Lets the library and the server speak with each other until both are quiet. */
  exchange(): void {
    for (let sent = -1; sent !== this.answers;) {
      sent = this.answers;
      for (const packet of this.peer.outgoing()) this.send(packet);
      this.#step();
    }
  }

  /** Sends crafted packets, and has the library hear nothing of what they bring about. */
  attack(makeFrames: (index: number) => readonly QuicFrame[], packets = packetsMax): number {
    this.#isHearing = false;
    let sent = 0;
    while (sent < packets && !this.isOver) {
      this.send(this.peer.craft(...makeFrames(sent)));
      sent++;
      if (sent % packetsPerStep === 0) this.#step();
    }
    this.#step();
    return sent;
  }

  send(packet: Uint8Array): void {
    this.#pair.server.endpoint.receive(packet, this.address, this.#pair.network.nowMs);
  }

  #step(): void {
    const { server, network } = this.#pair;
    server.endpoint.flush(network.nowMs, (bytes, length, to) => {
      if (to.port !== this.address.port) return;
      this.answers++;
      this.answerBytes += length;
      if (this.#isHearing) this.peer.receive(bytes.subarray(0, length));
    });
    for (let event = server.endpoint.pollEvent(); event !== null;) {
      server.events.push(event);
      event = server.endpoint.pollEvent();
    }
    network.run(stepMs);
  }
}

/** As many such frames as one packet holds. */
function filled(peer: HostilePeer, make: (index: number) => QuicFrame): QuicFrame[] {
  const frames: QuicFrame[] = [];
  let bytes = 0;
  for (let index = 0; ; index++) {
    const frame = make(index);
    bytes += frame.length;
    if (bytes > peer.framesBytesMax) return frames;
    frames.push(frame);
  }
}

describe.skipIf(steppedClockObstacle !== null)('QUIC server with a peer that breaks rules', () => {
  beforeAll(async () => {
    simulation = await Simulation.start();
  });

  afterEach(() => {
    for (const peer of peers.splice(0)) peer.close();
  });

  /** Somebody honest, who is still heard after all. */
  function withBystander(limits: Partial<QuicLimits> = {}) {
    const pair = simulation.pair({ serverLimits: limits });
    const honest = pair.connect();
    const expectUnharmed = (): void => {
      const stream = pair.client.endpoint.openUni(honest.onClient);
      pair.client.endpoint.write(honest.onClient, stream, Uint8Array.of(1), true);
      pair.network.runUntil(() => eventsOf(pair.server, 'stream', honest.onServer).length > 0);
      expect(eventsOf(pair.server, 'closed', honest.onServer)).toEqual([]);
    };
    return { pair, expectUnharmed };
  }

  it.each<[what: string, make: (peer: HostilePeer, packet: number) => QuicFrame[]]>([
    ['CVE-2023-6193: path challenges', (peer) => filled(peer, () => pathChallengeFrame(id(8)))],
    [
      'CVE-2024-1410: new connection ids that retire all others',
      (peer, packet) =>
        filled(peer, (index) => {
          const sequence = 1 + packet * 30 + index;
          return newConnectionIdFrame(sequence, sequence, id(16), id(16));
        }),
    ],
    [
      'CVE-2024-1765: CRYPTO data behind a gap',
      (peer, packet) =>
        filled(peer, (index) => cryptoFrame(1 + (packet * 300 + index) * 2, Uint8Array.of(1))),
    ],
    ['CRYPTO data far ahead', (_peer, packet) => [cryptoFrame(2 ** 40 + packet, id(900))]],
    [
      'bytes of a stream behind gaps',
      (peer, packet) =>
        filled(peer, (index) => {
          const offset = 1 + (((packet * 300 + index) * 2) % 65_000);
          return streamFrame(2, offset, Uint8Array.of(1));
        }),
    ],
    ['the same bytes of a stream again and again', () => [streamFrame(2, 0, new Uint8Array(900))]],
    ['the same reset of a stream', () => [resetStreamFrame(2, 0, 0)]],
    ['windows without end', (peer) => filled(peer, (index) => maxDataFrame(2 ** 40 + index))],
  ])('closes whoever sends %s', (_what, make) => {
    const { pair, expectUnharmed } = withBystander();
    const attack = new Attack(pair);
    const packets = attack.attack((index) => make(attack.peer, index));
    expect(attack.isOver).toBe(true);
    expect(packets).toBeLessThan(packetsMax);
    expect(attack.answers).toBeLessThan(packets + 20);
    expectUnharmed();
  });

  it.each<[what: string, frame: QuicFrame]>([
    ['more of a stream than its window', streamFrame(2, 70_000, new Uint8Array(500))],
    ['a stream beyond those that it may open', streamFrame(2 + 4 * 100, 0, Uint8Array.of(1))],
    ['a limit for a stream that is not there', maxStreamDataFrame(3, 1)],
    ['an id retired that was never given', retireConnectionIdFrame(5)],
    ['the id retired that its packet carries', retireConnectionIdFrame(0)],
  ])('closes whoever sends %s at once', (_what, frame) => {
    const { pair, expectUnharmed } = withBystander();
    const attack = new Attack(pair);
    expect(attack.attack(() => [frame], 100)).toBeLessThanOrEqual(2 * packetsPerStep);
    expect(attack.isOver).toBe(true);
    expectUnharmed();
  });

  // Of CVE-2025-4820 and CVE-2025-4821: a congestion window that holds nothing back any more.
  it('takes little for whoever acknowledges what was never sent, and expels it', () => {
    const { pair, expectUnharmed } = withBystander();
    const attack = new Attack(pair);
    const { endpoint } = pair.server;
    const connection = attack.connection!;
    const stream = endpoint.openUni(connection);
    let takenBytes = 0;
    attack.attack((index) => {
      const bytes = new Uint8Array(32_768);
      while (!attack.isOver && endpoint.write(connection, stream, bytes))
        takenBytes += bytes.length;
      const opened = 2 ** 40 + index;
      return [ackFrame(2 ** 30, 2 ** 30), maxDataFrame(opened), maxStreamDataFrame(stream, opened)];
    });
    expect(attack.isOver).toBe(true);
    expect(takenBytes).toBeLessThan(4 * endpointLimits.congestionWindowBytesMax);
    expectUnharmed();
  });

  // Of CVE-2025-4432: the counter that masks the header overflows, and ring may check for that.
  it('outlives a packet whose sample for header protection is all ones', () => {
    const { pair, expectUnharmed } = withBystander();
    const attack = new Attack(pair);
    const packet = attack.peer.craft(pingFrame);
    attack.send(packet.fill(0xff, 1 + attack.peer.native.destinationId().length));
    attack.exchange();
    expect(attack.isOver).toBe(false);
    expectUnharmed();
  });

  it('expels whoever holds most once all together hold too much', () => {
    const { pair, expectUnharmed } = withBystander();
    // Each by itself stays below what one may.
    const packets = Math.floor((overheadLimits.freeBytes * 4) / 1_200);
    const attacks = Array.from({ length: 24 }, (_, index) => new Attack(pair, 51_000 + index));
    for (const attack of attacks) {
      attack.attack((packet) => [cryptoFrame(1 + packet * 1_100, new Uint8Array(1_100))], packets);
    }
    const closed = attacks.filter(({ isOver }) => isOver).length;
    expect(closed).toBeGreaterThan(attacks.length / 4);
    expect(closed).toBeLessThan(attacks.length);
    expectUnharmed();
  });
});

function id(bytes: number): Uint8Array {
  return randomBytes(bytes);
}
