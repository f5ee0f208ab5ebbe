import type { FanOut, FanOutSocket } from '@rookery/transport/batchSocket';
import { writeHopTag } from '@rookery/schemas/voiceCrypto';
import {
  hopTagBytes,
  pongBytes,
  voiceHeaderBytes,
  writePongBody,
} from '@rookery/schemas/voicePacket';
import type { VoiceLimits } from '../limits.js';
import type { CounterTable } from '../tables/counterTable.js';
import type { RelayTables } from '../tables/relayTables.js';
import type { RoomTable } from '../tables/roomTable.js';
import { defaultBundleWindow } from '../tables/roomTable.js';
import type { Bundle } from './bundleBook.js';
import { BundleBook, bundleSlotBytes } from './bundleBook.js';
import { BundleSender } from './bundleSender.js';
import { BundleWindow } from './bundleWindow.js';
import { PacketCheck } from './packetCheck.js';
import { RouteBook } from './route.js';
import { SessionPaths } from './sessionPaths.js';

/** What a relay stands on. */
export interface RelayParts {
  /** Shared with the main thread and the other workers. */
  readonly tables: RelayTables;
  readonly limits: VoiceLimits;
  /** Its outgoing bytes are at least `outgoingBytesOf(limits)` long. */
  readonly socket: FanOutSocket;
  /** Longest wait of a frame for others in rooms that say nothing else; 0 where none may wait. */
  readonly bundleWindowMsMax: number;
  /** Monotonic, the same in all workers. */
  readonly nowMs: () => number;
  /** Microseconds since 1970, for the answers to pings. */
  readonly serverTimeUs: () => number;
}

/** What the outgoing bytes hold: an answer, then the bundles. */
const pongAt = 0;
const bundlesAt = 64;

/** Bytes that a relay sends from. */
export function outgoingBytesOf(limits: VoiceLimits): number {
  return bundlesAt + limits.bundlesMax * bundleSlotBytes;
}

/**
 * The relay of one worker: each packet is checked, then answered (a Ping), or joined with others
 * and sent to all who hear the sender's room, or counted under the reason why it reaches nobody.
 *
 *     receive ──► check ──► bundle of the room ──► flushDue ──► route ──► fan-out
 *                   └─► Pong
 *
 * It has no socket, clock or thread of its own, and allocates nothing per packet.
 */
export class Relay {
  readonly #tables: RelayTables;
  readonly #parts: RelayParts;
  readonly #count: CounterTable['columns'];
  readonly #countRow: number;
  readonly #rooms: RoomTable;
  readonly #check: PacketCheck;
  readonly #routes: RouteBook;
  readonly #bundles: BundleBook;
  readonly #bundleSender: BundleSender;
  readonly #window: BundleWindow;
  readonly #pong: Uint8Array;
  readonly #answerTo: FanOut;
  #nextDueMs = Infinity;

  constructor(parts: RelayParts) {
    const { tables, limits, socket } = parts;
    this.#parts = parts;
    this.#tables = tables;
    this.#count = tables.counters.columns;
    this.#countRow = tables.ownIndex;
    this.#rooms = tables.rooms;
    const paths = new SessionPaths(tables, limits.tableReadRetriesMax);
    const ownPaths = tables.paths[tables.ownIndex]!;
    this.#check = new PacketCheck(tables.sessions, paths, ownPaths, limits);
    this.#routes = new RouteBook(tables.lists, paths, socket, limits);
    const { outgoing } = socket;
    this.#pong = outgoing.subarray(pongAt, pongAt + pongBytes);
    this.#bundles = new BundleBook(outgoing, bundlesAt, limits.bundlesMax, limits.roomsMax);
    this.#bundleSender = new BundleSender(outgoing, this.#routes);
    this.#window = new BundleWindow(limits);
    this.#answerTo = socket.openFanOut();
    this.#answerTo.resize(1);
  }

  /** When `flushDue` has something to send, at the latest; Infinity where nothing waits. */
  get nextDueMs(): number {
    return this.#nextDueMs;
  }

  /**
   * Takes one datagram. What it leads to is sent by the next `flushDue`, or a later one.
   *
   * @param packet used during the call only
   * @param from source address, five words
   */
  receive(packet: Uint8Array, length: number, from: Int32Array, nowMs: number): void {
    const verdict = this.#check.check(packet, length, from, nowMs);
    if (verdict === 'keepAlive') return;
    this.#count.packetsIn.add(this.#countRow, 1);
    this.#count.bytesIn.add(this.#countRow, length);
    switch (verdict) {
      case 'voice':
        this.#takeFrame(packet, length - hopTagBytes, nowMs);
        break;
      case 'ping':
        this.#answer(packet, from);
        break;
      default:
        this.#count[verdict].add(this.#countRow, 1);
    }
  }

  /** Sends every bundle whose time has come. Call it behind each batch of packets. */
  flushDue(nowMs: number): void {
    if (nowMs < this.#nextDueMs) return;
    let nextDueMs = Infinity;
    const { waiting } = this.#bundles;
    // Backwards, because a bundle that is sent gives its place to the last.
    for (let i = waiting.length - 1; i >= 0; i--) {
      const bundle = waiting[i]!;
      if (bundle.dueMs <= nowMs) this.#flush(bundle);
      else nextDueMs = Math.min(nextDueMs, bundle.dueMs);
    }
    this.#nextDueMs = nextDueMs;
  }

  #takeFrame(packet: Uint8Array, length: number, nowMs: number): void {
    const { token, roomIndex } = this.#check.sender;
    this.#count.framesIn.add(this.#countRow, 1);
    const waitMs = this.#window.waitOf(roomIndex, token, this.#windowMsMaxOf(roomIndex), nowMs);
    let bundle = this.#bundles.find(roomIndex);
    if (bundle !== null && !this.#bundles.hasRoomFor(bundle, length)) {
      this.#flush(bundle);
      bundle = null;
    }
    if (bundle === null) {
      if (this.#bundles.isFull) this.#flush(this.#bundles.waiting[0]!);
      bundle = this.#bundles.open(roomIndex, nowMs + waitMs);
      this.#nextDueMs = Math.min(this.#nextDueMs, bundle.dueMs);
    }
    this.#bundles.add(bundle, packet, length, token, nowMs);
  }

  #windowMsMaxOf(roomIndex: number): number {
    const { bundleWindowMsMax } = this.#parts;
    const windowUs = this.#rooms.columns.bundleWindowUs.load(roomIndex);
    if (windowUs === defaultBundleWindow || bundleWindowMsMax === 0) return bundleWindowMsMax;
    return windowUs / 1_000;
  }

  #flush(bundle: Bundle): void {
    const { frameCount, roomIndex } = bundle;
    const route = this.#routes.routeTo(roomIndex);
    if (route === null) {
      this.#count.dropRace.add(this.#countRow, frameCount);
    } else {
      this.#bundleSender.send(bundle, route);
      this.#countSent(bundle);
    }
    this.#bundles.release(bundle);
  }

  #countSent(bundle: Bundle): void {
    const { packets, frames, bytes, failures } = this.#bundleSender.sent;
    const row = this.#countRow;
    this.#count.packetsOut.add(row, packets);
    this.#count.framesOut.add(row, frames);
    this.#count.bytesOut.add(row, bytes);
    if (failures > 0) this.#count.dropSend.add(row, failures);
    if (bundle.frameCount > 1) this.#count.bundlesOut.add(row, packets);
    this.#window.count(frames, this.#parts.nowMs());
  }

  #answer(ping: Uint8Array, to: Int32Array): void {
    for (let i = 0; i < voiceHeaderBytes; i++) this.#pong[i] = ping[i]!;
    const bodyBytes = writePongBody(this.#pong, this.#parts.serverTimeUs());
    const length = writeHopTag(this.#pong, bodyBytes, this.#check.hopKey);
    // Counted first, so that whoever has the Pong finds it counted.
    this.#count.pongs.add(this.#countRow, 1);
    this.#count.packetsOut.add(this.#countRow, 1);
    this.#count.bytesOut.add(this.#countRow, length);
    this.#answerTo.setAddress(0, to, 0);
    const taken = this.#answerTo.send(pongAt, length, 0, 1);
    if (taken === 0) this.#count.dropSend.add(this.#countRow, 1);
  }
}
