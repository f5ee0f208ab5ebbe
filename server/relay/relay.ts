import { writeHopTag } from '@rookery/schemas/voiceCrypto';
import {
  hopTagBytes,
  pongBytes,
  voiceHeaderBytes,
  writePongBody,
} from '@rookery/schemas/voicePacket';
import type { UdpAddress, UdpSocket } from '@rookery/transport/udpSocket';
import type { VoiceLimits } from '../limits.js';
import type { CounterTable } from '../tables/counterTable.js';
import type { ReceiverListReader } from '../tables/receiverLists.js';
import type { SessionTable } from '../tables/sessionTable.js';
import { peerAddressBytes } from '../tables/sessionTable.js';
import { PacketCheck } from './packetCheck.js';
import { parsePeerAddress } from './peerAddress.js';
import { PeerBook } from './peerBook.js';
import { Route } from './route.js';

/** What a relay stands on; the tables are shared with the main thread. */
export interface RelayParts {
  readonly sessions: SessionTable;
  readonly lists: ReceiverListReader;
  readonly counters: CounterTable;
  /** This worker's row of the counters. */
  readonly counterRow: number;
  readonly limits: VoiceLimits;
  /** Sends one datagram; the bytes may be used again when it returns. */
  readonly send: UdpSocket['send'];
  /** Microseconds since 1970, for pongs. */
  readonly serverTimeUs: () => number;
}

/**
 * The way of a packet: check → route → fan out, or check → pong. It has no socket and no clock of
 * its own. One thread; allocates nothing per packet (what the socket allocates apart).
 */
export class Relay {
  readonly #parts: RelayParts;
  readonly #check: PacketCheck;
  readonly #route: Route;
  readonly #peers: PeerBook;
  readonly #from = new Uint8Array(peerAddressBytes);
  readonly #pong = new Uint8Array(pongBytes);
  #sendFailures = 0;

  constructor(parts: RelayParts) {
    const { sessions, lists, limits } = parts;
    this.#parts = parts;
    this.#check = new PacketCheck(sessions, limits);
    this.#route = new Route(lists, limits.roomsMax);
    this.#peers = new PeerBook(sessions, limits.tableReadRetriesMax);
  }

  /**
   * One datagram from outside.
   *
   * @param nowMs monotonic clock
   */
  receive(packet: Uint8Array, from: UdpAddress, nowMs: number): void {
    const { counters, counterRow } = this.#parts;
    const length = packet.length;
    const isKnownForm = parsePeerAddress(from, this.#from);
    const verdict = isKnownForm
      ? this.#check.check(packet, length, this.#from, nowMs)
      : 'dropAddress';
    if (verdict === 'keepAlive') return;
    counters.columns.packetsIn.add(counterRow, 1);
    counters.columns.bytesIn.add(counterRow, length);
    switch (verdict) {
      case 'voice':
        this.#fanOut(packet, length - hopTagBytes);
        break;
      case 'ping':
        this.#answer(packet, from);
        break;
      default:
        counters.columns[verdict].add(counterRow, 1);
    }
  }

  /** @param total datagrams that the socket could not send since it was opened */
  countSendFailures(total: number): void {
    const { counters, counterRow } = this.#parts;
    counters.columns.dropSend.add(counterRow, total - this.#sendFailures);
    this.#sendFailures = total;
  }

  /** The same bytes, without the hop tag, to everybody in the sender's room but the sender. */
  #fanOut(packet: Uint8Array, length: number): void {
    const { token, roomIndex } = this.#check.sender;
    const receivers = this.#route.receiversOf(roomIndex);
    if (receivers === null) {
      this.#parts.counters.columns.dropRace.add(this.#parts.counterRow, 1);
      return;
    }
    let sent = 0;
    for (let i = 0; i < receivers.length; i++) {
      const receiver = receivers[i]!;
      if (receiver === token) continue;
      const to = this.#peers.addressOf(receiver);
      if (to === null) continue;
      this.#parts.send(packet, 0, length, to);
      sent++;
    }
    this.#countOut(sent, sent * length);
  }

  #answer(ping: Uint8Array, to: UdpAddress): void {
    for (let i = 0; i < voiceHeaderBytes; i++) this.#pong[i] = ping[i]!;
    const bodyBytes = writePongBody(this.#pong, this.#parts.serverTimeUs());
    const length = writeHopTag(this.#pong, bodyBytes, this.#check.hopKey);
    // Counted first, so that whoever has the Pong finds it counted.
    this.#parts.counters.columns.pongs.add(this.#parts.counterRow, 1);
    this.#countOut(1, length);
    this.#parts.send(this.#pong, 0, length, to);
  }

  #countOut(packets: number, bytes: number): void {
    const { counters, counterRow } = this.#parts;
    counters.columns.packetsOut.add(counterRow, packets);
    counters.columns.bytesOut.add(counterRow, bytes);
  }
}
