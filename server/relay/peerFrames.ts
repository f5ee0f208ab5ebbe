import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { voicePacketBytesMax } from '@rookery/schemas/voicePacket';
import type { VoiceLimits } from '../limits.js';
import type { WorkerTable } from '../tables/workerTable.js';
import type { BundleWindow } from './bundleWindow.js';

/** One worker's rings to and from another; null in the place of its own. May be posted. */
export interface PeerRingMemory {
  readonly from: SharedArrayBuffer;
  readonly to: SharedArrayBuffer;
}

/** Bytes of a ring: some 400 frames, while each worker looks every two milliseconds. */
const ringBytes = 65_536;

/** @returns by worker, then by the other worker */
export function createPeerRings(workers: number): (PeerRingMemory | null)[][] {
  const rings = Array.from({ length: workers }, () =>
    Array.from({ length: workers }, () => createRecordRing(ringBytes)),
  );
  return rings.map((to, own) =>
    to.map((ring, other) => (own === other ? null : { to: ring, from: rings[other]![own]! })),
  );
}

export interface PeerFramesParts {
  /** By worker; empty where there is no other. */
  readonly rings: readonly (PeerRingMemory | null)[];
  readonly workers: WorkerTable;
  readonly ownIndex: number;
  readonly limits: Pick<VoiceLimits, 'bundleIdleFramesPerSecond'>;
  /** That of `RelayClock`: of one clock in all workers. */
  readonly nowMs: Float64Array;
}

/** How often a worker looks for frames of others while any is busy; well below a window. */
const pollMs = 2;
/** How long a worker that was busy once, or had a packet, counts as one that is, or has. */
const busyMs = 1_000;
/** A worker that has not looked for this long is not handed anything; longer than any turn. */
const pollingMs = 100;
/** Older frames are of no use, and rooms may be others' by then. */
const staleMs = 200;

/** A frame in a ring: when it came, its room, and its packet behind them. */
const roomWord = 2;
const packetAt = 16;

/**
 * Frames that workers hand to each other, so that each can send a room's bundles, with everybody's
 * frames in them, to its share of the receivers. A room's speakers come to all workers' sockets:
 * without this, each worker would bundle only those that come to its own, and a worker whose
 * speakers have many listeners would work while another idles.
 *
 * Frames are handed over only while packets come to all workers and some worker is busy: all look
 * into their rings then, every two milliseconds, and say so in their table. A worker to which no
 * packets come is left asleep: then nobody hands over anything, nor looks. Relay worker only;
 * allocates nothing after it was made.
 */
export class PeerFrames {
  /** What `pop` took: its packet, room, and when it came. */
  readonly packet: Uint8Array;
  readonly arrivedMs: Float64Array;
  roomIndex = 0;
  /** Frames that were found too old. */
  staleCount = 0;
  readonly #record = new Uint8Array(packetAt + voicePacketBytesMax);
  readonly #words = new Int32Array(this.#record.buffer, 0, packetAt / 4);
  readonly #to: readonly SpscRecordRing[];
  readonly #from: readonly SpscRecordRing[];
  readonly #workers: WorkerTable;
  readonly #ownIndex: number;
  readonly #busyPerSecond: number;
  readonly #nowMs: Float64Array;
  readonly #nextPollMs = Float64Array.of(Infinity);
  #hasOwn = false;
  #isPolling = false;
  #isOpen = false;

  constructor({ rings, workers, ownIndex, limits, nowMs }: PeerFramesParts) {
    this.packet = this.#record.subarray(packetAt);
    this.arrivedMs = new Float64Array(this.#record.buffer, 0, 1);
    this.#to = rings.flatMap((ring) => (ring === null ? [] : [new SpscRecordRing(ring.to)]));
    this.#from = rings.flatMap((ring) => (ring === null ? [] : [new SpscRecordRing(ring.from)]));
    this.#workers = workers;
    this.#ownIndex = ownIndex;
    // What all deliver counts; shared, that is as much for each.
    this.#busyPerSecond = limits.bundleIdleFramesPerSecond / Math.max(1, rings.length);
    this.#nowMs = nowMs;
  }

  /** When it must be looked for frames again; Infinity while nobody hands over any. */
  get nextPollMs(): number {
    return this.#nextPollMs[0]!;
  }

  /** Whether frames may be handed to all others now. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Takes note of a packet of this worker's own. */
  countOwn(): void {
    this.#hasOwn = true;
  }

  /**
   * Tells the others how it stands here, and looks how it stands there. Once a turn.
   *
   * @param window knows how much this worker delivers
   */
  update(window: BundleWindow): void {
    if (this.#to.length === 0) return;
    const { packetAtMs, busyAtMs, polledAtMs } = this.#workers.columns;
    const nowMs = this.#nowMs[0]! | 0;
    if (this.#hasOwn) packetAtMs.store(this.#ownIndex, nowMs | 1);
    this.#hasOwn = false;
    if (window.delivers(this.#busyPerSecond)) busyAtMs.store(this.#ownIndex, nowMs | 1);
    let areAllAtWork = true;
    let isBusy = false;
    let othersPoll = true;
    for (let worker = 0; worker < this.#workers.rows; worker++) {
      // One that sleeps is not woken for others' frames.
      areAllAtWork &&= isWithin(nowMs, packetAtMs.load(worker), busyMs);
      isBusy ||= isWithin(nowMs, busyAtMs.load(worker), busyMs);
      if (worker === this.#ownIndex) continue;
      othersPoll &&= isWithin(nowMs, polledAtMs.load(worker), pollingMs);
    }
    const isPart = areAllAtWork && isBusy;
    this.#isOpen = isPart && othersPoll;
    if (isPart) polledAtMs.store(this.#ownIndex, nowMs | 1);
    if (!isPart && !this.#isPolling) return;
    // Once more behind the last time that it was said to others.
    this.#isPolling = isPart || isWithin(nowMs, polledAtMs.load(this.#ownIndex), pollingMs);
    this.#nextPollMs[0] = this.#isPolling ? this.#nowMs[0]! + pollMs : Infinity;
  }

  /** Hands a frame to all other workers. @returns false, and hands it to none, where one is full */
  push(roomIndex: number, packet: Uint8Array, length: number): boolean {
    const bytes = packetAt + length;
    for (let i = 0; i < this.#to.length; i++) {
      // Each record takes four bytes more, and three at most to be aligned.
      if (ringBytes - this.#to[i]!.header.used < bytes + 7) return false;
    }
    this.arrivedMs[0] = this.#nowMs[0]!;
    this.#words[roomWord] = roomIndex;
    for (let i = 0; i < length; i++) this.packet[i] = packet[i]!;
    for (let i = 0; i < this.#to.length; i++) this.#to[i]!.push(this.#record, bytes, 0);
    return true;
  }

  /** Takes a frame of another worker. @returns length of its packet, or −1 where none waits */
  pop(): number {
    for (let i = 0; i < this.#from.length; i++) {
      for (;;) {
        const bytes = this.#from[i]!.pop(this.#record);
        if (bytes === -1) break;
        this.roomIndex = this.#words[roomWord]!;
        if (this.#nowMs[0]! - this.arrivedMs[0]! <= staleMs) return bytes - packetAt;
        this.staleCount++;
      }
    }
    return -1;
  }
}

/** Whether a time, modulo 2^32 and 0 for never, is no longer ago. */
function isWithin(nowMs: number, atMs: number, spanMs: number): boolean {
  return atMs !== 0 && ((nowMs - atMs) | 0) <= spanMs;
}
