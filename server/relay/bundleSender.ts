import type { FanOut } from '@rookery/transport/batchSocket';
import { nobody } from '@rookery/transport/batchSocket';
import { bundleFramesMax, voiceHeaderBytes, writeBundleHeader } from '@rookery/schemas/voicePacket';
import type { Bundle } from './bundleBook.js';
import type { QuicOutlet } from './quicOutlet.js';
import type { Route, RouteBook } from './route.js';

/**
 * Sends a bundle to all who hear its room. Nobody hears itself: who spoke some of the frames gets
 * the others, in the same call into the kernel, and who spoke all of them gets nothing. One frame
 * alone goes out as its plain packet.
 *
 * Relay worker only; allocates nothing.
 */
export class BundleSender {
  /** What the last `send` did. */
  readonly sent = { packets: 0, frames: 0, bytes: 0, failures: 0, ringDrops: 0 };
  readonly #outgoing: Uint8Array;
  readonly #quic: QuicOutlet;
  /** Who spoke in the bundle, each once. */
  readonly #speakers = new Uint32Array(bundleFramesMax);

  constructor(outgoing: Uint8Array, quic: QuicOutlet) {
    this.#quic = quic;
    this.#outgoing = outgoing;
  }

  /** @param routes where the route is from */
  send(bundle: Bundle, route: Route, routes: RouteBook): void {
    const speakerCount = this.#findSpeakers(bundle);
    const isPlain = bundle.frameCount === 1;
    if (!isPlain) writeBundleHeader(this.#outgoing, bundle.offset);
    const offset = isPlain ? bundle.offsets[0]! : bundle.offset;
    const length = isPlain ? bundle.lengths[0]! : bundle.bytes;
    const { fanOut } = route;
    const { sent } = this;
    sent.packets = fanOut.count;
    sent.frames = fanOut.count * bundle.frameCount;
    sent.bytes = fanOut.count * length;
    let taken: number;
    if (speakerCount === 1) {
      const own = routes.placeOf(route, this.#speakers[0]!);
      if (own !== nobody) this.#leaveOut(bundle.frameCount, length);
      taken = fanOut.send(offset, length, own);
    } else {
      for (let i = 0; i < speakerCount; i++) {
        const own = routes.placeOf(route, this.#speakers[i]!);
        if (own !== nobody) this.#replaceOwn(bundle, fanOut, own, this.#speakers[i]!);
      }
      taken = fanOut.send(offset, length, nobody);
    }
    // Which of the datagrams were not taken is not told: they count as whole ones.
    sent.failures = sent.packets - taken;
    sent.packets = taken;
    sent.frames -= sent.failures * bundle.frameCount;
    sent.bytes -= sent.failures * length;
    sent.ringDrops = 0;
    if (route.quicCount > 0) this.#sendOverQuic(bundle, route);
  }

  /** Frame by frame: a bundle may be longer than what a connection takes at once. */
  #sendOverQuic({ frameCount, tokens, offsets, lengths }: Bundle, route: Route): void {
    const { sent } = this;
    for (let frame = 0; frame < frameCount; frame++) {
      for (let i = 0; i < route.quicCount; i++) {
        const receiver = route.quicTokens[i]!;
        if (receiver !== tokens[frame]) this.#quic.addReceiver(receiver);
      }
      const receivers = this.#quic.receiverCount;
      if (receivers === 0) continue;
      if (this.#quic.send(this.#outgoing, offsets[frame]!, lengths[frame]!)) {
        sent.packets += receivers;
        sent.frames += receivers;
        sent.bytes += receivers * lengths[frame]!;
      } else {
        sent.ringDrops += receivers;
      }
    }
  }

  #findSpeakers(bundle: Bundle): number {
    let count = 0;
    for (let frame = 0; frame < bundle.frameCount; frame++) {
      const token = bundle.tokens[frame]!;
      let known = 0;
      while (known < count && this.#speakers[known] !== token) known++;
      if (known === count) this.#speakers[count++] = token;
    }
    return count;
  }

  #leaveOut(frames: number, bytes: number): void {
    this.sent.packets--;
    this.sent.frames -= frames;
    this.sent.bytes -= bytes;
  }

  /** Gives one receiver the bundle without its own frames, as pieces of the same bytes. */
  #replaceOwn(bundle: Bundle, fanOut: FanOut, index: number, token: number): void {
    const { tokens, offsets, lengths, frameCount } = bundle;
    let others = 0;
    let otherFrame = 0;
    for (let frame = 0; frame < frameCount; frame++) {
      if (tokens[frame] === token) continue;
      others++;
      otherFrame = frame;
    }
    fanOut.replace(index);
    this.#leaveOut(frameCount - others, bundle.bytes);
    this.sent.packets++;
    if (others === 1) {
      fanOut.addPiece(offsets[otherFrame]!, lengths[otherFrame]!);
      this.sent.bytes += lengths[otherFrame]!;
      return;
    }
    // Runs of others' frames; the first begins with the header.
    let from = bundle.offset;
    let to = bundle.offset + voiceHeaderBytes;
    for (let frame = 0; frame <= frameCount; frame++) {
      const isOther = frame < frameCount && tokens[frame] !== token;
      if (isOther) {
        to = offsets[frame]! + lengths[frame]!;
        continue;
      }
      if (to > from) {
        fanOut.addPiece(from, to - from);
        this.sent.bytes += to - from;
      }
      if (frame === frameCount) break;
      from = offsets[frame]! + lengths[frame]!;
      to = from;
    }
  }
}
