import { commandLanes, laneStreams, type CommandLane } from '@rookery/schemas/commandLane';
import { FrameReader } from '@rookery/schemas/frame';
import type { StreamId } from '@rookery/transport/quicTypes';
import type { ControlLimits } from '../limits.js';

/** What a stream of the client carries. */
export interface InboundLane {
  readonly kind: 'control' | CommandLane;
  readonly stream: StreamId;
  readonly frames: FrameReader;
}

/**
 * The streams of one client, each cut into frames: the control stream (its first bidirectional
 * one) and one stream for each lane of commands, which it opens when it needs it. Every other
 * stream is refused, so a peer makes the server hold at most one unfinished frame on each.
 */
export class InboundLanes {
  readonly #limits: Pick<ControlLimits, 'session' | 'lanes'>;
  readonly #lanes = new Map<StreamId, InboundLane>();

  constructor(limits: Pick<ControlLimits, 'session' | 'lanes'>) {
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
    const { session, lanes } = this.#limits;
    if (isBidirectional(stream)) {
      return this.#open('control', session.controlPayloadBytesMax, stream, bytes);
    }
    if (bytes.length === 0) return null;
    const kind = commandLanes.find((lane) => laneStreams[lane].kind === bytes[0]);
    if (kind === undefined) return 'unexpected';
    return this.#open(kind, lanes[kind].payloadBytesMax, stream, bytes.subarray(1));
  }

  #open(
    kind: InboundLane['kind'],
    payloadBytesMax: number,
    stream: StreamId,
    bytes: Uint8Array,
  ): InboundLane | 'unexpected' {
    for (const lane of this.#lanes.values()) if (lane.kind === kind) return 'unexpected';
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
