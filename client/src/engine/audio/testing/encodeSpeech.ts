import { frameSamples as usualSamples } from '@rookery/schemas/voicePacket';
import { opusPayloadBytesMax } from '../audioLimits.js';
import { OpusEncoder, opusEncoderDefaults } from '../opusCodec.js';
import { OpusLibrary } from '../opusLibrary.js';

/**
 * @param signal mono samples at 48 kHz; what is left of the last frame is cut off
 * @param frameSamples length of each frame; 20 ms where not given
 * @returns one Opus payload for each frame, encoded as a sender does
 */
export function encodeSpeech(signal: Float32Array, frameSamples = usualSamples): Uint8Array[] {
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
