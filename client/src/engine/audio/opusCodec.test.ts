import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { frameSamplesMax, opusPayloadBytesMax } from './audioLimits.js';
import { align } from './correlate.js';
import { OpusDecoder, OpusEncoder, opusEncoderDefaults } from './opusCodec.js';
import { OpusLibrary } from './opusLibrary.js';
import { carriesFec, packetSamples } from './opusPacket.js';
import { speechLike } from './testing/speechLike.js';

const speech = speechLike(new SeededRandom(5), 8);
/** Of the frames of most tests. */
const usualSamples = 960;

function encodeAll(
  signal: Float32Array,
  options = opusEncoderDefaults,
  frameSamples = usualSamples,
): Uint8Array[] {
  const encoder = new OpusEncoder(new OpusLibrary(), options);
  const out = new Uint8Array(opusPayloadBytesMax);
  const payloads: Uint8Array[] = [];
  for (let at = 0; at + frameSamples <= signal.length; at += frameSamples) {
    const payloadBytes = encoder.encode(signal.subarray(at, at + frameSamples), out);
    payloads.push(out.slice(0, payloadBytes));
  }
  encoder.free();
  return payloads;
}

type Repair = 'fec' | 'conceal' | 'silence';

/** Decodes all payloads but those at `lost`, which `repair` stands in for. */
function decodeAll(
  payloads: Uint8Array[],
  lost: ReadonlySet<number>,
  repair: Repair,
  frameSamples = usualSamples,
): Int16Array {
  const pcm = new Int16Array(frameSamplesMax);
  const decoder = new OpusDecoder(new OpusLibrary());
  const signal = new Int16Array(payloads.length * frameSamples);
  payloads.forEach((payload, index) => {
    const next = payloads[index + 1];
    pcm.fill(0);
    if (!lost.has(index)) expect(decoder.decode(payload, payload.length, pcm)).toBe(frameSamples);
    else if (repair === 'fec' && next && !lost.has(index + 1)) {
      expect(decoder.decodeFec(next, next.length, frameSamples, pcm)).toBe(frameSamples);
    } else if (repair !== 'silence') decoder.conceal(frameSamples, pcm);
    signal.set(pcm.subarray(0, frameSamples), index * frameSamples);
  });
  decoder.free();
  return signal;
}

const asFloats = (signal: Int16Array): Float32Array =>
  Float32Array.from(signal, (sample) => sample / 32_768);

/** Energy of what was lost over energy of the error in its place, in dB. */
function repairSnrDb(
  truth: Int16Array,
  repaired: Int16Array,
  lost: ReadonlySet<number>,
  frameSamples: number,
): number {
  let signal = 0;
  let error = 0;
  for (const index of lost) {
    for (let i = index * frameSamples; i < (index + 1) * frameSamples; i++) {
      signal += truth[i]! ** 2;
      error += (truth[i]! - repaired[i]!) ** 2;
    }
  }
  return 10 * Math.log10(signal / error);
}

test('brings speech back with a correlation of 0.9 and more, near 48 kb/s', () => {
  const payloads = encodeAll(speech);
  const heard = asFloats(decodeAll(payloads, new Set(), 'silence'));
  const { lagSamples, correlation } = align(speech, heard, { lagSamplesMax: 2_000 });
  expect(correlation).toBeGreaterThan(0.9);
  // opus_encoder.c: 2.5 ms of CELT overlap and 4 ms that keep SILK and CELT in step.
  expect(lagSamples).toBeGreaterThanOrEqual(300);
  expect(lagSamples).toBeLessThanOrEqual(330);
  const bytes = payloads.reduce((sum, payload) => sum + payload.length, 0);
  expect((bytes * 8 * 50) / payloads.length).toBeLessThan(60_000);
});

test('spends less on silence with DTX', () => {
  const silence = new Float32Array(48_000 * 2);
  const bytesOf = (payloads: Uint8Array[]): number => payloads.reduce((n, p) => n + p.length, 0);
  const withDtx = encodeAll(silence, { ...opusEncoderDefaults, dtx: 'whenSilent' });
  expect(bytesOf(withDtx)).toBeLessThan(bytesOf(encodeAll(silence)) / 2);
});

const lengths = [480, 960, 1_920, 2_880];

test.each(lengths)('brings speech back from frames of %i samples, which say so', (frameSamples) => {
  const payloads = encodeAll(speech, opusEncoderDefaults, frameSamples);
  for (const payload of payloads)
    expect(packetSamples(payload, 0, payload.length)).toBe(frameSamples);
  const heard = asFloats(decodeAll(payloads, new Set(), 'silence', frameSamples));
  expect(align(speech, heard, { lagSamplesMax: 2_000 }).correlation).toBeGreaterThan(0.9);
});

test('changes the length of frames, and FEC, from one to the next', () => {
  const encoder = new OpusEncoder(new OpusLibrary(), opusEncoderDefaults);
  const out = new Uint8Array(opusPayloadBytesMax);
  let at = 0;
  const carried = (frameSamples: number): number => {
    let count = 0;
    for (let index = 0; index < 20; index++, at += frameSamples) {
      const payloadBytes = encoder.encode(speech.subarray(at, at + frameSamples), out);
      expect(packetSamples(out, 0, payloadBytes)).toBe(frameSamples);
      if (carriesFec(out, 0, payloadBytes)) count++;
    }
    return count;
  };
  for (const frameSamples of lengths)
    expect(carried(frameSamples), `${frameSamples}`).toBeGreaterThan(5);
  encoder.setFec('off');
  // What was said before is still carried once.
  expect(carried(1_920)).toBeLessThanOrEqual(1);
  encoder.setFec('inBand');
  expect(carried(480)).toBeGreaterThan(5);
  encoder.free();
});

test.each(lengths)(
  'repairs lost frames of %i samples by FEC, or else by guessing',
  (frameSamples) => {
    // Of long frames with a higher bitrate it is only the last 20 ms that the next packet carries.
    const bitrate = frameSamples > usualSamples ? 24_000 : 48_000;
    const options = { ...opusEncoderDefaults, bitrate, lossPercent: 15 };
    const payloads = encodeAll(speech, options, frameSamples);
    const random = new SeededRandom(6);
    const lost = new Set<number>();
    for (let index = 5; index < payloads.length - 1; index++) {
      if (!lost.has(index - 1) && random.chance(0.1)) lost.add(index);
    }
    const truth = decodeAll(payloads, new Set(), 'silence', frameSamples);
    const snr = (repair: Repair): number =>
      repairSnrDb(truth, decodeAll(payloads, lost, repair, frameSamples), lost, frameSamples);
    expect(snr('silence')).toBeCloseTo(0, 5);
    // The longer a loss, the less is left to go on from.
    if (frameSamples <= 960) expect(snr('conceal')).toBeGreaterThan(1);
    expect(snr('fec')).toBeGreaterThan(snr('conceal') + 3);
    const carried = payloads.filter((payload) => carriesFec(payload, 0, payload.length));
    expect(carried.length).toBeGreaterThan(payloads.length / 2);
  },
);

test('sees no FEC where none is', () => {
  for (const payload of encodeAll(speech, { ...opusEncoderDefaults, lossPercent: 0 })) {
    expect(carriesFec(payload, 0, payload.length)).toBe(false);
  }
});

test('clips what is too loud instead of wrapping it', () => {
  const loud = speech.map((sample) => sample * 4);
  const clipped = loud.map((sample) => Math.max(-1, Math.min(1, sample)));
  expect(encodeAll(loud)).toEqual(encodeAll(clipped));
});

test('refuses damaged payloads without harm to what follows', () => {
  const payloads = encodeAll(speech);
  const decoder = new OpusDecoder(new OpusLibrary());
  const out = new Int16Array(frameSamplesMax).fill(7);
  expect(decoder.decode(payloads[0]!, 0, out)).toBe(0);
  expect(decoder.decode(new Uint8Array(2_000), 2_000, out)).toBe(0);
  // Four frames of 20 ms (code 3) where 60 ms are the most.
  expect(decoder.decode(Uint8Array.of(0x0b, 0x04, 0, 0, 0, 0), 6, out)).toBe(0);
  expect(out).toEqual(new Int16Array(frameSamplesMax).fill(7));
  const random = new SeededRandom(7);
  for (let i = 0; i < 2_000; i++) {
    const payload = random.bytes(1 + random.below(200));
    decoder.decode(payload, payload.length, out);
    decoder.decodeFec(payload, payload.length, lengths[i % lengths.length]!, out);
  }
  expect(decoder.decode(payloads[1]!, payloads[1]!.length, out)).toBe(usualSamples);
  decoder.free();
});

test('gives memory back: a thousand voices in a row fit where one does', () => {
  const library = new OpusLibrary();
  const bytesAtFirst = library.bytes.length;
  for (let i = 0; i < 1_000; i++) {
    const encoder = new OpusEncoder(library, opusEncoderDefaults);
    const decoder = new OpusDecoder(library);
    encoder.free();
    encoder.free();
    decoder.free();
  }
  expect(library.bytes.length).toBe(bytesAtFirst);
});

test('stays right when its memory grows under it', () => {
  const library = new OpusLibrary();
  const bytesAtFirst = library.bytes.length;
  const encoder = new OpusEncoder(library, opusEncoderDefaults);
  const decoders: OpusDecoder[] = [];
  while (library.bytes.length === bytesAtFirst) decoders.push(new OpusDecoder(library));
  const payload = new Uint8Array(opusPayloadBytesMax);
  const payloadBytes = encoder.encode(speech.subarray(0, usualSamples), payload);
  expect(payload.slice(0, payloadBytes)).toEqual(encodeAll(speech.subarray(0, usualSamples))[0]);
  for (const decoder of decoders) decoder.free();
});

test('refuses options that libopus does not have, and use after free', () => {
  const library = new OpusLibrary();
  expect(() => new OpusEncoder(library, { ...opusEncoderDefaults, complexity: 11 })).toThrow(
    expect.objectContaining({ code: 'internal' }),
  );
  const encoder = new OpusEncoder(library, opusEncoderDefaults);
  encoder.free();
  const used = (): number => encoder.encode(speech.subarray(0, 960), new Uint8Array(1_275));
  expect(used).toThrow(expect.objectContaining({ code: 'internal' }));
  const decoder = new OpusDecoder(library);
  decoder.free();
  expect(() => decoder.conceal(960, new Int16Array(960))).toThrow(
    expect.objectContaining({ code: 'internal' }),
  );
});
