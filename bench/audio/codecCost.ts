import { frameSamplesMax, opusPayloadBytesMax } from '@rookery/client/engine/audio/audioLimits';
import {
  OpusDecoder,
  OpusEncoder,
  opusEncoderDefaults,
} from '@rookery/client/engine/audio/opusCodec';
import { OpusLibrary } from '@rookery/client/engine/audio/opusLibrary';
import { carriesFec } from '@rookery/client/engine/audio/opusPacket';
import { encodeSpeech } from '@rookery/client/engine/audio/testing/encodeSpeech';
import { speechLike } from '@rookery/client/engine/audio/testing/speechLike';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { frameSamples } from '@rookery/schemas/voicePacket';
import type { WorkCost } from './audioMessages.js';
import { measureCost } from './cpuCost.js';

const [seed, speechSeconds] = [1, 8];
const framesPerRepetition = 200;
const frameMs = 20;

/** Opus as Rookery uses it, of one stream: what a frame of 20 ms costs, in and out. */
export function codecCosts(): WorkCost[] {
  const speech = speechLike(new SeededRandom(seed), speechSeconds);
  return [encodeCost(speech), ...decodeCosts(encodeSpeech(speech))];
}

function encodeCost(speech: Float32Array): WorkCost {
  const { bitrate, complexity } = opusEncoderDefaults;
  const encoder = new OpusEncoder(new OpusLibrary(), opusEncoderDefaults);
  const out = new Uint8Array(opusPayloadBytesMax);
  const nextFrame = inTurn(speech.length / frameSamples, (frame) =>
    speech.subarray(frame * frameSamples, (frame + 1) * frameSamples),
  );
  const name = `Opus, encode (${bitrate / 1_000} kb/s, complexity ${complexity})`;
  const cost = measure(name, () => void encoder.encode(nextFrame(), out));
  encoder.free();
  return cost;
}

function decodeCosts(payloads: readonly Uint8Array[]): WorkCost[] {
  const decoder = new OpusDecoder(new OpusLibrary());
  const out = new Int16Array(frameSamplesMax);
  const withFec = payloads.filter((payload) => carriesFec(payload, 0, payload.length));
  const [next, nextWithFec] = [payloads, withFec].map((list) =>
    inTurn(list.length, (index) => list[index]!),
  ) as [() => Uint8Array, () => Uint8Array];
  const decodeNext = (): void => {
    const payload = next();
    decoder.decode(payload, payload.length, out);
  };
  const recoverNext = (): void => {
    const payload = nextWithFec();
    decoder.decodeFec(payload, payload.length, frameSamples, out);
  };
  const costs = [
    measure('Opus, decode', decodeNext),
    measure('Opus, recover by FEC', recoverNext),
    measure('Opus, conceal', () => decoder.conceal(frameSamples, out)),
  ];
  decoder.free();
  return costs;
}

function measure(name: string, run: () => void): WorkCost {
  return measureCost(name, run, framesPerRepetition, frameMs);
}

/** @returns gives one thing after the other, all over again */
function inTurn<T>(count: number, thing: (index: number) => T): () => T {
  const things = Array.from({ length: Math.floor(count) }, (_, index) => thing(index));
  let at = 0;
  return () => things[at++ % things.length]!;
}
