import {
  bundleFramesMax,
  bundleLengthBytes,
  voiceHeaderBytes,
  voicePacketBytesMax,
} from '@rookery/schemas/voicePacket';
import type { VoiceLimits } from '../limits.js';

/** Frames of one room that wait to be sent in one datagram; they lie in the outgoing bytes. */
export class Bundle {
  roomIndex = 0;
  frameCount = 0;
  /** Whether it goes to this worker's share of the receivers alone. */
  isShared = false;
  /** Length of the bundle packet so far. */
  bytes = 0;
  /** By frame: whose it is, where it lies, how long it is, when it came. */
  readonly tokens = new Uint32Array(bundleFramesMax);
  readonly offsets = new Int32Array(bundleFramesMax);
  readonly lengths = new Int32Array(bundleFramesMax);
  readonly arrivedMs = new Float64Array(bundleFramesMax);
  /** One element: when it is to be sent. */
  readonly dueMs = new Float64Array(1);

  /** @param offset where the bundle packet lies in the outgoing bytes */
  constructor(readonly offset: number) {}
}

/** Bytes that each bundle needs: the longest, or the longest frame behind a bundle's header. */
export const bundleSlotBytes = voicePacketBytesMax + voiceHeaderBytes;

/**
 * The bundles that are being filled, at most one a room, written where they are sent from:
 *
 *     ┌ header ┬ u16 length ┬ frame 0 ┬ u16 length ┬ frame 1 ┬ …
 *
 * A frame alone is sent without what stands before it. Relay worker only; allocates nothing.
 */
export class BundleBook {
  /** Those that wait; the first `waitingCount`. */
  readonly waiting: Bundle[] = [];
  readonly #outgoing: Uint8Array;
  readonly #nowMs: Float64Array;
  readonly #free: Bundle[];
  readonly #ofRoom: (Bundle | null)[];

  /**
   * @param outgoing holds the bundles from `offset`: `bundlesMax` times `bundleSlotBytes`
   * @param nowMs that of `RelayClock`
   */
  constructor(outgoing: Uint8Array, offset: number, limits: VoiceLimits, nowMs: Float64Array) {
    this.#outgoing = outgoing;
    this.#nowMs = nowMs;
    this.#free = Array.from(
      { length: limits.bundlesMax },
      (_bundle, index) => new Bundle(offset + index * bundleSlotBytes),
    );
    this.#ofRoom = new Array<Bundle | null>(limits.roomsMax).fill(null);
  }

  /** Whether every bundle is in use. */
  get isFull(): boolean {
    return this.#free.length === 0;
  }

  /** The room's bundle, or null where none waits. */
  find(roomIndex: number): Bundle | null {
    return this.#ofRoom[roomIndex]!;
  }

  /**
   * Begins a bundle that is to be sent in `waitUs` microseconds; there must be none of the room,
   * and the book not full.
   */
  open(roomIndex: number, waitUs: number): Bundle {
    const bundle = this.#free.pop()!;
    bundle.roomIndex = roomIndex;
    bundle.dueMs[0] = this.#nowMs[0]! + waitUs / 1_000;
    bundle.isShared = false;
    bundle.frameCount = 0;
    bundle.bytes = voiceHeaderBytes;
    this.#ofRoom[roomIndex] = bundle;
    this.waiting.push(bundle);
    return bundle;
  }

  /** Whether a frame of this length may join those that are there. */
  hasRoomFor(bundle: Bundle, length: number): boolean {
    const bytes = bundle.bytes + bundleLengthBytes + length;
    return bundle.frameCount < bundleFramesMax && bytes <= voicePacketBytesMax;
  }

  /** Copies a frame's packet in: `packet[0 .. length)`. */
  add(bundle: Bundle, packet: Uint8Array, length: number, token: number): void {
    const lengthAt = bundle.offset + bundle.bytes;
    const at = lengthAt + bundleLengthBytes;
    this.#outgoing[lengthAt] = length;
    this.#outgoing[lengthAt + 1] = length >>> 8;
    for (let i = 0; i < length; i++) this.#outgoing[at + i] = packet[i]!;
    const frame = bundle.frameCount++;
    bundle.tokens[frame] = token;
    bundle.offsets[frame] = at;
    bundle.lengths[frame] = length;
    bundle.arrivedMs[frame] = this.#nowMs[0]!;
    bundle.bytes += bundleLengthBytes + length;
  }

  /** Gives a bundle free, wherever it stands among those that wait. */
  release(bundle: Bundle): void {
    const last = this.waiting.pop()!;
    if (last !== bundle) this.waiting[this.waiting.indexOf(bundle)] = last;
    this.#ofRoom[bundle.roomIndex] = null;
    this.#free.push(bundle);
  }
}
