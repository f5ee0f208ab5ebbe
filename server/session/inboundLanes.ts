import { FrameReader } from '@rookery/schemas/frame';
import { framePayloadBytesMax, StreamKind } from '@rookery/schemas/protocol';
import type { StreamId } from '@rookery/transport/quicTypes';
import type { SessionLimits } from '../limits.js';

/** What a stream of the client carries. */
export interface InboundLane {
  readonly kind: 'control' | 'commands';
  readonly stream: StreamId;
  readonly frames: FrameReader;
}

/**
 * The streams of one client, each cut into frames: the control stream (its first bidirectional
 * one) and one command stream. Every other stream is refused, so a peer makes the server hold at
 * most one unfinished frame on each of the two.
 */
export class InboundLanes {
  readonly #limits: SessionLimits;
  readonly #lanes = new Map<StreamId, InboundLane>();

  constructor(limits: SessionLimits) {
    this.#limits = limits;
  }

  /**
   * Takes bytes of a stream.
   * @returns the lane whose `frames` may have whole frames now; null while a stream has not said
   *   what it carries; 'unexpected' for a stream that the conversation does not have
   */
  push(stream: StreamId, bytes: Uint8Array): InboundLane | 'unexpected' | null {
    const known = this.#lanes.get(stream);
    if (known !== undefined) {
      known.frames.push(bytes);
      return known;
    }
    if (isBidirectional(stream)) return this.#open('control', stream, bytes);
    if (bytes.length === 0) return null;
    if (bytes[0] !== StreamKind.Commands) return 'unexpected';
    return this.#open('commands', stream, bytes.subarray(1));
  }

  #open(
    kind: InboundLane['kind'],
    stream: StreamId,
    bytes: Uint8Array,
  ): InboundLane | 'unexpected' {
    for (const lane of this.#lanes.values()) if (lane.kind === kind) return 'unexpected';
    const payloadBytesMax =
      kind === 'control' ? this.#limits.controlPayloadBytesMax : framePayloadBytesMax.fromClient;
    const lane = { kind, stream, frames: new FrameReader(payloadBytesMax) };
    lane.frames.push(bytes);
    this.#lanes.set(stream, lane);
    return lane;
  }
}

/** RFC 9000 section 2.1: the second lowest bit tells the direction. */
function isBidirectional(stream: StreamId): boolean {
  return (stream & 0x2) === 0;
}
