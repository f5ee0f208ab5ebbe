import { defineTable } from '@rookery/schemas/sharedTable';
import { sampleRate } from '@rookery/schemas/voicePacket';
import { OpusEncoder, type OpusEncoderOptions } from './opusCodec.js';
import type { OpusLibrary } from './opusLibrary.js';

/**
 * One row: what an encoder is to do from its next frame on.
 *
 * | column       | meaning                                                                 |
 * |--------------|-------------------------------------------------------------------------|
 * | bitrate      | bits a second to aim at                                                 |
 * | isFecOn      | 1: frames carry a copy of the one before                                |
 * | lossPercent  | share of the frames that is expected to be lost, 0 … 100                |
 * | isDtxOn      | 1: next to nothing for silence                                          |
 * | frameSamples | length of the frames, where whoever gives them does not say otherwise   |
 */
export const encoderTable = defineTable({
  name: 'encoder',
  columns: {
    bitrate: { type: 'u32', writer: 'engine' },
    isFecOn: { type: 'u32', writer: 'engine' },
    lossPercent: { type: 'u32', writer: 'engine' },
    isDtxOn: { type: 'u32', writer: 'engine' },
    frameSamples: { type: 'u32', writer: 'engine' },
  },
});

/** The row as either thread sees it. */
export type EncoderTable = ReturnType<typeof encoderTable.attach>;

/** Writes down how to encode, but for how thoroughly. Engine's thread only. */
export function wishEncoding(
  { columns }: EncoderTable,
  { bitrate, fec, lossPercent, dtx }: Omit<OpusEncoderOptions, 'complexity'>,
): void {
  columns.bitrate.store(0, bitrate);
  columns.isFecOn.store(0, fec === 'inBand' ? 1 : 0);
  columns.lossPercent.store(0, lossPercent);
  columns.isDtxOn.store(0, dtx === 'whenSilent' ? 1 : 0);
}

/** Writes down how long frames are. Engine's thread only. */
export function wishFrameMs({ columns }: EncoderTable, frameMs: number): void {
  columns.frameSamples.store(0, (frameMs * sampleRate) / 1_000);
}

/** An encoder that does what its row says. One thread; `encode` allocates nothing. */
export class WishedEncoder {
  readonly #encoder: OpusEncoder;
  readonly #wishes: EncoderTable['columns'];
  #bitrate: number;
  #fec: OpusEncoderOptions['fec'];
  #lossPercent: number;
  #dtx: OpusEncoderOptions['dtx'];

  /** @param options what it starts with, until the row says otherwise */
  constructor(library: OpusLibrary, options: OpusEncoderOptions, wishes: EncoderTable) {
    this.#encoder = new OpusEncoder(library, options);
    this.#wishes = wishes.columns;
    this.#bitrate = options.bitrate;
    this.#fec = options.fec;
    this.#lossPercent = options.lossPercent;
    this.#dtx = options.dtx;
  }

  /** In samples, as is wished. */
  get frameSamples(): number {
    return this.#wishes.frameSamples.load(0);
  }

  /** As `OpusEncoder.encode`. */
  encode(pcm: Float32Array, out: Uint8Array): number {
    this.#follow();
    return this.#encoder.encode(pcm, out);
  }

  free(): void {
    this.#encoder.free();
  }

  #follow(): void {
    const bitrate = this.#wishes.bitrate.load(0);
    if (bitrate !== this.#bitrate) this.#encoder.setBitrate(bitrate);
    this.#bitrate = bitrate;
    const fec = this.#wishes.isFecOn.load(0) === 1 ? 'inBand' : 'off';
    if (fec !== this.#fec) this.#encoder.setFec(fec);
    this.#fec = fec;
    const lossPercent = this.#wishes.lossPercent.load(0);
    if (lossPercent !== this.#lossPercent) this.#encoder.setLossPercent(lossPercent);
    this.#lossPercent = lossPercent;
    const dtx = this.#wishes.isDtxOn.load(0) === 1 ? 'whenSilent' : 'off';
    if (dtx !== this.#dtx) this.#encoder.setDtx(dtx);
    this.#dtx = dtx;
  }
}
