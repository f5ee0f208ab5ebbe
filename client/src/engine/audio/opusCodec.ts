import { sampleRate } from '@rookery/schemas/voicePacket';
import { ClientError } from '../clientError.js';
import { frameSamplesMax, opusPayloadBytesMax } from './audioLimits.js';
import type { OpusLibrary } from './opusLibrary.js';

/** opus_defines.h, "Pre-defined values for CTL interface" and its request numbers. */
const Request = {
  SetBitrate: 4002,
  SetVbr: 4006,
  SetComplexity: 4010,
  SetInbandFec: 4012,
  SetPacketLossPercent: 4014,
  SetDtx: 4016,
  SetSignal: 4024,
} as const;
const applicationVoip = 2048;
const signalVoice = 3001;

const audioChannels = 1;
const pcmBytes = frameSamplesMax * Int16Array.BYTES_PER_ELEMENT;

export interface OpusEncoderOptions {
  /** Bits a second to aim at; 6,000 … 440,000. */
  readonly bitrate: number;
  /** CPU for quality, 0 … 10. */
  readonly complexity: number;
  /** Share of packets expected to be lost, 0 … 100: how much the in-band FEC spends. */
  readonly lossPercent: number;
  /** 'whenSilent' sends next to nothing while nobody speaks. */
  readonly dtx: 'off' | 'whenSilent';
  /** 'inBand' lets each frame carry a coarse copy of the one before it. */
  readonly fec: 'off' | 'inBand';
}

/** What Rookery speaks with unless a room says otherwise. */
export const opusEncoderDefaults: OpusEncoderOptions = {
  bitrate: 48_000,
  complexity: 10,
  lossPercent: 10,
  dtx: 'off',
  fec: 'inBand',
};

/**
 * One voice to Opus: 48 kHz mono, VoIP, variable bitrate. Belongs to the thread of its library; to
 * be freed when done. `encode` allocates nothing.
 */
export class OpusEncoder {
  readonly #library: OpusLibrary;
  readonly #state: number;
  readonly #pcm: number;
  readonly #payload: number;
  #isFree = false;

  /** @throws ClientError 'internal' where libopus refuses an option */
  constructor(library: OpusLibrary, options: OpusEncoderOptions) {
    const opus = library.exports;
    this.#library = library;
    this.#state = library.allocate(opus.opus_encoder_get_size(audioChannels));
    this.#pcm = library.allocate(pcmBytes);
    this.#payload = library.allocate(opusPayloadBytesMax);
    assertOk(
      opus.opus_encoder_init(this.#state, sampleRate, audioChannels, applicationVoip),
      'start an encoder',
    );
    this.#set(Request.SetVbr, 1);
    this.#set(Request.SetSignal, signalVoice);
    this.#set(Request.SetBitrate, options.bitrate);
    this.#set(Request.SetComplexity, options.complexity);
    this.setLossPercent(options.lossPercent);
    this.setDtx(options.dtx);
    this.setFec(options.fec);
  }

  /**
   * @param pcm one frame: 10, 20, 40 or 60 ms of samples, −1…1; what is louder is clipped
   * @param out at least `opusPayloadBytesMax` long; the payload is written at 0
   * @returns length of the payload in bytes, never more than `opusPayloadBytesMax`
   * @throws ClientError 'internal' after `free`, or where libopus refuses the frame (a bug)
   */
  encode(pcm: Float32Array, out: Uint8Array): number {
    assertUsable(this.#isFree);
    const samples = this.#library.samples;
    const pcmAt = this.#pcm >>> 1;
    for (let i = 0; i < pcm.length; i++) {
      const sample = Math.round(pcm[i]! * 32_768);
      samples[pcmAt + i] = sample > 32_767 ? 32_767 : sample < -32_768 ? -32_768 : sample;
    }
    const payloadBytes = this.#library.exports.opus_encode(
      this.#state,
      this.#pcm,
      pcm.length,
      this.#payload,
      opusPayloadBytesMax,
    );
    assertOk(payloadBytes, 'encode a frame');
    const bytes = this.#library.bytes;
    for (let i = 0; i < payloadBytes; i++) out[i] = bytes[this.#payload + i]!;
    return payloadBytes;
  }

  /** Bits a second to aim at from the next frame on. @throws ClientError as `encode` */
  setBitrate(bitrate: number): void {
    assertUsable(this.#isFree);
    this.#set(Request.SetBitrate, bitrate);
  }

  /** From the next frame on. @throws ClientError as `encode` */
  setFec(fec: OpusEncoderOptions['fec']): void {
    assertUsable(this.#isFree);
    this.#set(Request.SetInbandFec, fec === 'inBand' ? 1 : 0);
  }

  /** Share of packets expected to be lost, 0 … 100, from the next frame on. As `encode`. */
  setLossPercent(lossPercent: number): void {
    assertUsable(this.#isFree);
    this.#set(Request.SetPacketLossPercent, lossPercent);
  }

  /** From the next frame on. @throws ClientError as `encode` */
  setDtx(dtx: OpusEncoderOptions['dtx']): void {
    assertUsable(this.#isFree);
    this.#set(Request.SetDtx, dtx === 'whenSilent' ? 1 : 0);
  }

  /** Gives the encoder's memory back; calling it again does nothing. */
  free(): void {
    if (this.#isFree) return;
    this.#isFree = true;
    freeAll(this.#library, [this.#state, this.#pcm, this.#payload]);
  }

  #set(request: number, value: number): void {
    const result = this.#library.exports.opus_encoder_ctl_set(this.#state, request, value);
    assertOk(result, `set option ${request} to ${value}`);
  }
}

/**
 * One remote voice from Opus: 48 kHz mono. Lives as long as its speaker is in the room, so that
 * concealment and FEC have a past to go on from. Belongs to the thread of its library; to be freed
 * when done. Decoding allocates nothing; a payload from a peer never throws.
 */
export class OpusDecoder {
  readonly #library: OpusLibrary;
  readonly #state: number;
  readonly #pcm: number;
  readonly #payload: number;
  #isFree = false;

  /** @throws ClientError 'internal' where libopus cannot start one */
  constructor(library: OpusLibrary) {
    const opus = library.exports;
    this.#library = library;
    this.#state = library.allocate(opus.opus_decoder_get_size(audioChannels));
    this.#pcm = library.allocate(pcmBytes);
    this.#payload = library.allocate(opusPayloadBytesMax);
    const result = opus.opus_decoder_init(this.#state, sampleRate, audioChannels);
    assertOk(result, 'start a decoder');
  }

  /**
   * @param payload its first `payloadBytes` are one Opus packet
   * @param out room for `frameSamplesMax` samples, 16 bit
   * @returns samples written; 0 where this is no Opus packet of up to 60 ms
   */
  decode(payload: Uint8Array, payloadBytes: number, out: Int16Array): number {
    return this.#run(payload, payloadBytes, frameSamplesMax, 0, out);
  }

  /**
   * As `decode`, but for what was lost before `payload`, from what `payload` carries of it.
   *
   * @param samples that were lost, a multiple of 2.5 ms
   */
  decodeFec(payload: Uint8Array, payloadBytes: number, samples: number, out: Int16Array): number {
    return this.#run(payload, payloadBytes, samples, 1, out);
  }

  /**
   * Guesses what was lost from what was before it (packet loss concealment).
   *
   * @param samples as for `decodeFec`; all are written
   */
  conceal(samples: number, out: Int16Array): void {
    assertUsable(this.#isFree);
    const opus = this.#library.exports;
    assertOk(opus.opus_decode(this.#state, 0, 0, this.#pcm, samples, 0), 'conceal a frame');
    this.#copyOut(samples, out);
  }

  /** Gives the decoder's memory back; calling it again does nothing. */
  free(): void {
    if (this.#isFree) return;
    this.#isFree = true;
    freeAll(this.#library, [this.#state, this.#pcm, this.#payload]);
  }

  #run(
    payload: Uint8Array,
    payloadBytes: number,
    samplesMax: number,
    useFec: number,
    out: Int16Array,
  ): number {
    assertUsable(this.#isFree);
    // libopus reads "no bytes" as a request to conceal.
    if (payloadBytes === 0 || payloadBytes > opusPayloadBytesMax) return 0;
    const bytes = this.#library.bytes;
    for (let i = 0; i < payloadBytes; i++) bytes[this.#payload + i] = payload[i]!;
    const samples = this.#library.exports.opus_decode(
      this.#state,
      this.#payload,
      payloadBytes,
      this.#pcm,
      samplesMax,
      useFec,
    );
    if (samples < 0) return 0;
    this.#copyOut(samples, out);
    return samples;
  }

  #copyOut(samples: number, out: Int16Array): void {
    const pcm = this.#library.samples;
    const pcmAt = this.#pcm >>> 1;
    for (let i = 0; i < samples; i++) out[i] = pcm[pcmAt + i]!;
  }
}

function assertOk(result: number, attempt: string): void {
  if (result >= 0) return;
  throw new ClientError('internal', `the sound codec could not ${attempt} (Opus ${result})`);
}

function assertUsable(isFree: boolean): void {
  if (isFree) throw new ClientError('internal', 'the sound codec was used after it was freed');
}

function freeAll(library: OpusLibrary, pointers: readonly number[]): void {
  for (const pointer of pointers) library.exports.free(pointer);
}
