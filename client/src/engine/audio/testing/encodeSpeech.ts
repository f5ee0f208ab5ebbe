import { frameSamples } from '@rookery/schemas/voicePacket';
import { opusPayloadBytesMax } from '../audioLimits.js';
import { OpusEncoder, opusEncoderDefaults } from '../opusCodec.js';
import { OpusLibrary } from '../opusLibrary.js';

/**
 * @param signal mono samples at 48 kHz; what is left of the last frame is cut off
 * @returns one Opus payload for each 20 ms, encoded as a sender does
 */
export function encodeSpeech(signal: Float32Array): Uint8Array[] {
  const encoder = new OpusEncoder(new OpusLibrary(), opusEncoderDefaults);
  const out = new Uint8Array(opusPayloadBytesMax);
  const payloads: Uint8Array[] = [];
  for (let at = 0; at + frameSamples <= signal.length; at += frameSamples) {
    const payloadBytes = encoder.encode(signal.subarray(at, at + frameSamples), out);
    payloads.push(out.slice(0, payloadBytes));
  }
  encoder.free();
  return payloads;
}
