import type { FanOut, FanOutSocket } from '@rookery/transport/batchSocket';
import { nobody } from '@rookery/transport/batchSocket';
import { writeHopTag } from '@rookery/schemas/voiceCrypto';
import {
  hopTagBytes,
  pongBytes,
  readLevel,
  readListId,
  readToken,
  voiceHeaderBytes,
  writePongBody,
} from '@rookery/schemas/voicePacket';
import type { VoiceLimits } from '../limits.js';
import type { CounterTable } from '../tables/counterTable.js';
import { delayBucketOf } from '../tables/counterTable.js';
import { isQuicAddress } from '../tables/pathTable.js';
import type { RelayTables } from '../tables/relayTables.js';
import type { RoomTable } from '../tables/roomTable.js';
import { defaultBundleWindow } from '../tables/roomTable.js';
import type { Bundle } from './bundleBook.js';
import { BundleBook, bundleSlotBytes } from './bundleBook.js';
import { BundleSender } from './bundleSender.js';
import { BundleWindow } from './bundleWindow.js';
import { PacketCheck } from './packetCheck.js';
import type { PeerRingMemory } from './peerFrames.js';
import { PeerFrames } from './peerFrames.js';
import type { QuicOutlet } from './quicOutlet.js';
import type { RelayClock } from './relayClock.js';
import { RouteBook } from './route.js';
import { SessionPaths } from './sessionPaths.js';
import { SpeakerCap } from './speakerCap.js';
import { WhisperSender } from './whisperSender.js';

/** What a relay stands on. */
export interface RelayParts {
  /** Shared with the main thread and the other workers. */
  readonly tables: RelayTables;
  readonly limits: VoiceLimits;
  /** Its outgoing bytes are at least `outgoingBytesOf(limits)` long. */
  readonly socket: FanOutSocket;
  /** Ring to the sessions that are heard over QUIC. */
  readonly quic: QuicOutlet;
  /** Rings to and from the other workers, by worker. */
  readonly peers: readonly (PeerRingMemory | null)[];
  /** Longest wait of a frame for others in rooms that say nothing else; 0 where none may wait. */
  readonly bundleWindowMsMax: number;
  readonly clock: RelayClock;
}

/** So long after a frame that was to be sent at once, packets are taken as they come. */
const urgentMs = 1_000;

/** What the outgoing bytes hold: an answer, a whisper, then the bundles. */
const pongAt = 0;
const whisperAt = 64;
const bundlesAt = whisperAt + bundleSlotBytes;

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
  readonly #clock: RelayClock;
  readonly #windowUsMax: number;
  readonly #count: CounterTable['columns'];
  readonly #countRow: number;
  readonly #rooms: RoomTable;
  readonly #check: PacketCheck;
  readonly #cap: SpeakerCap;
  readonly #routes: RouteBook;
  /** To those of a room's receivers whom this worker serves where the room is shared. */
  readonly #shareRoutes: RouteBook;
  readonly #shareReceiversMin: number;
  readonly #peers: PeerFrames;
  readonly #bundles: BundleBook;
  readonly #bundleSender: BundleSender;
  readonly #window: BundleWindow;
  readonly #whispers: WhisperSender;
  readonly #quic: QuicOutlet;
  readonly #pong: Uint8Array;
  readonly #answerTo: FanOut;
  /**
   * One element: how long what is handed over may have waited at the socket already, ms. A bundle
   * waits for so much less.
   */
  readonly waitedMs = new Float64Array(1);
  /** One element each. */
  readonly #nextDueMs = Float64Array.of(Infinity);
  readonly #urgentAtMs = Float64Array.of(-Infinity);

  constructor(parts: RelayParts) {
    const { tables, limits, socket, quic } = parts;
    const { nowMs } = parts.clock;
    this.#clock = parts.clock;
    this.#windowUsMax = Math.round(parts.bundleWindowMsMax * 1_000);
    this.#count = tables.counters.columns;
    this.#countRow = tables.ownIndex;
    this.#rooms = tables.rooms;
    const paths = new SessionPaths(tables, limits.tableReadRetriesMax);
    this.#check = new PacketCheck({
      sessions: tables.sessions,
      rooms: tables.rooms,
      paths,
      own: tables.paths[tables.ownIndex]!,
      limits,
      nowMs,
    });
    this.#cap = new SpeakerCap({ ...tables, limits, nowMs });
    this.#routes = new RouteBook(tables, paths, socket);
    this.#shareRoutes = new RouteBook(tables, paths, socket, {
      part: tables.ownIndex,
      of: tables.workers.rows,
    });
    this.#shareReceiversMin = limits.shareReceiversMin;
    // Where no frame may wait for others, none may wait for another worker to look either.
    const rings = this.#windowUsMax === 0 ? [] : parts.peers;
    this.#peers = new PeerFrames({ ...tables, rings, limits, nowMs });
    const { outgoing } = socket;
    this.#pong = outgoing.subarray(pongAt, pongAt + pongBytes);
    this.#bundles = new BundleBook(outgoing, bundlesAt, limits, nowMs);
    this.#bundleSender = new BundleSender(outgoing, quic);
    this.#window = new BundleWindow(limits, nowMs);
    this.#whispers = new WhisperSender(tables, paths, socket, quic, whisperAt);
    this.#quic = quic;
    this.#answerTo = socket.openFanOut();
    this.#answerTo.resize(1);
  }

  /** When `flushDue` has something to send, at the latest; Infinity where nothing waits. */
  get nextDueMs(): number {
    return Math.min(this.#nextDueMs[0]!, this.#peers.nextPollMs);
  }

  /**
   * How long packets may be left at the socket: until the next bundle is due, where all frames wait
   * so long anyhow; 0 where nothing waits, or some frame of late was to be sent at once.
   */
  get gatherMs(): number {
    const nowMs = this.#clock.nowMs[0]!;
    const dueMs = this.#nextDueMs[0]!;
    if (dueMs === Infinity || nowMs - this.#urgentAtMs[0]! < urgentMs) return 0;
    return Math.max(0, Math.min(dueMs, this.#peers.nextPollMs) - nowMs);
  }

  /**
   * Takes one datagram at the clock's time. What it leads to is sent by the next `flushDue`, or a
   * later one.
   *
   * @param packet used during the call only
   * @param from source address, five words; `quicAddress` where it came over QUIC
   */
  receive(packet: Uint8Array, length: number, from: Int32Array): void {
    const verdict = this.#check.check(packet, length, from);
    if (verdict === 'keepAlive') return;
    this.#peers.countOwn();
    this.#count.packetsIn.add(this.#countRow, 1);
    this.#count.bytesIn.add(this.#countRow, length);
    switch (verdict) {
      case 'voice':
        this.#takeFrame(packet, length - hopTagBytes);
        break;
      case 'whisper':
        this.#whisper(packet, length - hopTagBytes);
        break;
      case 'ping':
        this.#answer(packet, from);
        break;
      default:
        this.#count[verdict].add(this.#countRow, 1);
    }
  }

  /** Sends every bundle whose time has come. Call it behind each batch of packets. */
  flushDue(): void {
    this.#takeOfPeers();
    this.#peers.update(this.#window);
    if (this.#clock.nowMs[0]! >= this.#nextDueMs[0]!) this.#flushWaiting();
    this.#quic.tellReader();
  }

  #flushWaiting(): void {
    // Times stay in typed arrays: a local one that is kept across a call may be boxed, on the heap.
    const { nowMs } = this.#clock;
    this.#nextDueMs[0] = Infinity;
    const { waiting } = this.#bundles;
    // Backwards, because a bundle that is sent gives its place to the last.
    for (let i = waiting.length - 1; i >= 0; i--) {
      const bundle = waiting[i]!;
      if (bundle.dueMs[0]! <= nowMs[0]!) this.#flush(bundle);
      else this.#nextDueMs[0] = Math.min(this.#nextDueMs[0], bundle.dueMs[0]!);
    }
  }

  #takeFrame(packet: Uint8Array, length: number): void {
    const { token, slot, roomIndex } = this.#check.sender;
    const speakersMax = this.#rooms.columns.speakersMax.load(roomIndex);
    const level = readLevel(packet, 0);
    if (speakersMax > 0 && !this.#cap.admits(roomIndex, slot, token, level, speakersMax)) {
      this.#count.dropQuieter.add(this.#countRow, 1);
      return;
    }
    this.#count.framesIn.add(this.#countRow, 1);
    // One speaker alone gains nothing from waiting until the others look.
    const isShared =
      this.#peers.isOpen &&
      this.#window.hasCompany(roomIndex) &&
      this.#window.receiversOf(roomIndex) >= this.#shareReceiversMin &&
      this.#peers.push(roomIndex, packet, length);
    const bundle = isShared
      ? this.#shareBundle(roomIndex, length)
      : this.#bundle(roomIndex, length);
    this.#window.countTaken(roomIndex, token);
    this.#bundles.add(bundle, packet, length, token);
  }

  /** Takes what other workers have accepted, for this one's share of the receivers. */
  #takeOfPeers(): void {
    const peers = this.#peers;
    for (;;) {
      const length = peers.pop();
      if (length === -1) break;
      const { packet, roomIndex } = peers;
      const bundle = this.#shareBundle(roomIndex, length);
      const token = readToken(packet, 0);
      this.#window.countTaken(roomIndex, token);
      this.#bundles.add(bundle, packet, length, token);
      bundle.arrivedMs[bundle.frameCount - 1] = peers.arrivedMs[0]!;
      if (bundle.frameCount > 1) continue;
      // It has waited in the ring already.
      bundle.dueMs[0]! += peers.arrivedMs[0]! - this.#clock.nowMs[0]!;
      this.#nextDueMs[0] = Math.min(this.#nextDueMs[0]!, bundle.dueMs[0]!);
    }
    if (peers.staleCount === 0) return;
    this.#count.dropRing.add(this.#countRow, peers.staleCount);
    peers.staleCount = 0;
  }

  /** The room's bundle with room for a frame of this length, to all its receivers. */
  #bundle(roomIndex: number, length: number): Bundle {
    const waiting = this.#bundles.find(roomIndex);
    if (waiting !== null) {
      if (!waiting.isShared && this.#bundles.hasRoomFor(waiting, length)) return waiting;
      this.#flush(waiting);
    }
    return this.#openBundle(roomIndex);
  }

  /** The same to this worker's share of them. */
  #shareBundle(roomIndex: number, length: number): Bundle {
    const waiting = this.#bundles.find(roomIndex);
    if (waiting !== null) {
      if (waiting.isShared && this.#bundles.hasRoomFor(waiting, length)) return waiting;
      this.#flush(waiting);
    }
    const bundle = this.#openBundle(roomIndex);
    bundle.isShared = true;
    return bundle;
  }

  #openBundle(roomIndex: number): Bundle {
    if (this.#bundles.isFull) this.#flush(this.#bundles.waiting[0]!);
    const windowUs = this.#window.waitUs(roomIndex, this.#windowUsMaxOf(roomIndex));
    if (windowUs === 0) this.#urgentAtMs[0] = this.#clock.nowMs[0]!;
    const waitUs = Math.max(0, windowUs - this.waitedMs[0]! * 1_000);
    const bundle = this.#bundles.open(roomIndex, waitUs);
    this.#nextDueMs[0] = Math.min(this.#nextDueMs[0]!, bundle.dueMs[0]!);
    return bundle;
  }

  #windowUsMaxOf(roomIndex: number): number {
    const ownUs = this.#rooms.columns.bundleWindowUs.load(roomIndex);
    return ownUs === defaultBundleWindow || this.#windowUsMax === 0 ? this.#windowUsMax : ownUs;
  }

  #flush(bundle: Bundle): void {
    const { frameCount, roomIndex, isShared } = bundle;
    const routes = isShared ? this.#shareRoutes : this.#routes;
    const route = routes.routeTo(roomIndex);
    if (route === null) {
      this.#count.dropRace.add(this.#countRow, frameCount);
    } else {
      this.#bundleSender.send(bundle, route, routes);
      this.#countSent(bundle, route.listedCount);
    }
    this.#bundles.release(bundle);
  }

  #countSent(bundle: Bundle, receivers: number): void {
    const { packets, frames, bytes, failures, ringDrops } = this.#bundleSender.sent;
    const row = this.#countRow;
    this.#count.packetsOut.add(row, packets);
    this.#count.framesOut.add(row, frames);
    this.#count.bytesOut.add(row, bytes);
    if (failures > 0) this.#count.dropSend.add(row, failures);
    if (ringDrops > 0) this.#count.dropRing.add(row, ringDrops);
    if (bundle.frameCount > 1) this.#count.bundlesOut.add(row, packets);
    this.#clock.read();
    this.#window.countDelivered(bundle.roomIndex, frames, receivers);
    this.#countDelays(bundle);
  }

  /** From the batch in which a frame came to when its last datagram was handed to the kernel. */
  #countDelays({ frameCount, arrivedMs }: Bundle): void {
    const nowMs = this.#clock.nowMs[0]!;
    this.#count.framesPerFlush.add(this.#countRow, frameCount, 1);
    for (let frame = 0; frame < frameCount; frame++) {
      const delayUs = (nowMs - arrivedMs[frame]!) * 1_000;
      this.#count.relayDelay.add(this.#countRow, delayBucketOf(delayUs), 1);
    }
  }

  #whisper(packet: Uint8Array, length: number): void {
    const { sent } = this.#whispers;
    const row = this.#countRow;
    this.#urgentAtMs[0] = this.#clock.nowMs[0]!;
    const fault = this.#whispers.send(
      packet,
      length,
      readListId(packet, 0),
      this.#check.sender.token,
    );
    if (fault !== null) {
      this.#count[fault].add(row, 1);
      return;
    }
    this.#count.framesIn.add(row, 1);
    this.#count.framesOut.add(row, sent.packets);
    this.#count.packetsOut.add(row, sent.packets);
    this.#count.bytesOut.add(row, sent.packets * length);
    if (sent.failures > 0) this.#count.dropSend.add(row, sent.failures);
    if (sent.ringDrops > 0) this.#count.dropRing.add(row, sent.ringDrops);
  }

  #answer(ping: Uint8Array, to: Int32Array): void {
    for (let i = 0; i < voiceHeaderBytes; i++) this.#pong[i] = ping[i]!;
    const serverMs = this.#clock.nowMs[0]! + this.#clock.epochMs;
    const bodyBytes = writePongBody(this.#pong, Math.round(serverMs * 1_000));
    const length = writeHopTag(this.#pong, bodyBytes, this.#check.hopKey);
    // Counted first, so that whoever has the Pong finds it counted.
    this.#count.pongs.add(this.#countRow, 1);
    this.#count.packetsOut.add(this.#countRow, 1);
    this.#count.bytesOut.add(this.#countRow, length);
    if (isQuicAddress(to)) {
      this.#quic.addReceiver(this.#check.sender.token);
      if (!this.#quic.send(this.#pong, 0, length)) this.#count.dropRing.add(this.#countRow, 1);
      return;
    }
    this.#answerTo.setAddress(0, to, 0);
    const taken = this.#answerTo.send(pongAt, length, nobody);
    if (taken === 0) this.#count.dropSend.add(this.#countRow, 1);
  }
}
