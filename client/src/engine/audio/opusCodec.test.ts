import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { frameSamples } from '@rookery/schemas/voicePacket';
import { expect, test } from 'vitest';
import { opusPayloadBytesMax } from './audioLimits.js';
import { align } from './correlate.js';
import { carriesFec, OpusDecoder, OpusEncoder, opusEncoderDefaults } from './opusCodec.js';
import { OpusLibrary } from './opusLibrary.js';
import { speechLike } from './testing/speechLike.js';

const speech = speechLike(new SeededRandom(5), 8);

function encodeAll(signal: Float32Array, options = opusEncoderDefaults): Uint8Array[] {
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
function decodeAll(payloads: Uint8Array[], lost: ReadonlySet<number>, repair: Repair): Int16Array {
  const decoder = new OpusDecoder(new OpusLibrary());
  const signal = new Int16Array(payloads.length * frameSamples);
  payloads.forEach((payload, index) => {
    const out = signal.subarray(index * frameSamples, (index + 1) * frameSamples);
    const next = payloads[index + 1];
    if (!lost.has(index)) expect(decoder.decode(payload, payload.length, out)).toBe(true);
    else if (repair === 'fec' && next && !lost.has(index + 1)) {
      expect(decoder.decodeFec(next, next.length, out)).toBe(true);
    } else if (repair !== 'silence') decoder.conceal(out);
  });
  decoder.free();
  return signal;
}

const asFloats = (signal: Int16Array): Float32Array =>
  Float32Array.from(signal, (sample) => sample / 32_768);

/** Energy of what was lost over energy of the error in its place, in dB. */
function repairSnrDb(truth: Int16Array, repaired: Int16Array, lost: ReadonlySet<number>): number {
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

test('repairs lost frames better by FEC than by concealment, and by that than not at all', () => {
  const payloads = encodeAll(speech, { ...opusEncoderDefaults, lossPercent: 15 });
  const random = new SeededRandom(6);
  const lost = new Set<number>();
  for (let index = 5; index < payloads.length - 1; index++) {
    if (!lost.has(index - 1) && random.chance(0.1)) lost.add(index);
  }
  const truth = decodeAll(payloads, new Set(), 'silence');
  const snr = (repair: Repair): number =>
    repairSnrDb(truth, decodeAll(payloads, lost, repair), lost);
  expect(snr('silence')).toBeCloseTo(0, 5);
  expect(snr('conceal')).toBeGreaterThan(1);
  expect(snr('fec')).toBeGreaterThan(snr('conceal') + 3);
  const carried = payloads.filter((payload) => carriesFec(payload, payload.length));
  expect(carried.length).toBeGreaterThan(payloads.length / 2);
});

test('sees no FEC where none is', () => {
  for (const payload of encodeAll(speech, { ...opusEncoderDefaults, lossPercent: 0 })) {
    expect(carriesFec(payload, payload.length)).toBe(false);
  }
  expect(carriesFec(new Uint8Array(0), 0)).toBe(false);
  expect(carriesFec(Uint8Array.of(0x08), 1)).toBe(false);
  // CELT only, stereo, two frames: no LBRR flag where one frame of SILK has it.
  for (const toc of [0xf8, 0x0c, 0x09]) {
    expect(carriesFec(Uint8Array.of(toc, 0xff, 0xff), 3)).toBe(false);
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
  const out = new Int16Array(frameSamples).fill(7);
  expect(decoder.decode(payloads[0]!, 0, out)).toBe(false);
  expect(decoder.decode(new Uint8Array(2_000), 2_000, out)).toBe(false);
  // Three frames of 20 ms (code 3) where one is expected.
  expect(decoder.decode(Uint8Array.of(0x0b, 0x03, 0, 0, 0), 5, out)).toBe(false);
  expect(out).toEqual(new Int16Array(frameSamples).fill(7));
  const random = new SeededRandom(7);
  for (let i = 0; i < 2_000; i++) {
    const payload = random.bytes(1 + random.below(200));
    decoder.decode(payload, payload.length, out);
    decoder.decodeFec(payload, payload.length, out);
  }
  expect(decoder.decode(payloads[1]!, payloads[1]!.length, out)).toBe(true);
  decoder.free();
});

test('fills up a frame that is shorter than 20 ms', () => {
  const decoder = new OpusDecoder(new OpusLibrary());
  const out = new Int16Array(frameSamples).fill(7);
  // CELT fullband, 10 ms, mono, one frame (RFC 6716 table 2: configuration 30).
  expect(decoder.decode(Uint8Array.of(30 << 3, 0xff, 0xfe), 3, out)).toBe(true);
  expect(out.subarray(480)).toEqual(new Int16Array(480));
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
  const payloadBytes = encoder.encode(speech.subarray(0, frameSamples), payload);
  expect(payload.slice(0, payloadBytes)).toEqual(encodeAll(speech.subarray(0, frameSamples))[0]);
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
  expect(() => decoder.conceal(new Int16Array(960))).toThrow(
    expect.objectContaining({ code: 'internal' }),
  );
});
