import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forEachFuzzCase } from '@rookery/schemas/testing/fuzzCases';
import { mutateBytes } from '@rookery/schemas/testing/mutate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClientError } from '../clientError.js';
import { wavLimits } from './audioLimits.js';
import { wavFile, type WavFileOptions } from './testing/wavFile.js';
import { parseWav, readWav } from './wav.js';

const samples = [0, 0.5, -0.5, 0.25, -1, 0.75];

function faultOf(bytes: Uint8Array): string {
  try {
    parseWav(bytes, 'a.wav');
  } catch (error) {
    expect(error).toBeInstanceOf(ClientError);
    expect((error as ClientError).code).toBe('unreadableWav');
    return (error as ClientError).message;
  }
  return 'none';
}

describe('reads', () => {
  const encodings = ['pcm8', 'pcm16', 'pcm24', 'pcm32', 'float32', 'float64'] as const;
  for (const container of ['plain', 'extensible'] as const) {
    test.each(encodings)(`%s, ${container}`, (encoding) => {
      const sound = parseWav(wavFile(samples, { encoding, container }), 'a.wav');
      expect(sound).toMatchObject({ sampleRate: 48_000, audioChannels: 1 });
      expect([...sound.samples]).toEqual(samples);
    });
  }

  test('the whole range of each integer width', () => {
    for (const encoding of ['pcm8', 'pcm16', 'pcm24', 'pcm32'] as const) {
      const [low, high] = parseWav(wavFile([-1, 1], { encoding }), 'a.wav').samples;
      expect(low).toBe(-1);
      expect(high).toBeGreaterThan(0.99);
      expect(high).toBeLessThanOrEqual(1);
    }
  });

  test.each([1_000, 8_000, 44_100, 384_000])('a sample rate of %i', (sampleRate) => {
    expect(parseWav(wavFile(samples, { sampleRate }), 'a.wav').sampleRate).toBe(sampleRate);
  });

  test.each([1, 2, 3, 6])('%i channels, whole sample frames only', (audioChannels) => {
    const many = [...samples, 0.1];
    const sound = parseWav(wavFile(many, { audioChannels }), 'a.wav');
    expect(sound.audioChannels).toBe(audioChannels);
    expect(sound.samples.length % audioChannels).toBe(0);
    expect(sound.samples.length).toBe(many.length - (many.length % audioChannels));
  });

  test('past chunks that it does not know, also of odd length', () => {
    const odd = { id: 'LIST', bytes: Uint8Array.of(1, 2, 3) };
    const bytes = wavFile(samples, { chunksBefore: [odd, odd], chunksAfter: [odd] });
    expect([...parseWav(bytes, 'a.wav').samples]).toEqual(samples);
  });

  test('from the middle of a larger buffer', () => {
    const padded = Buffer.concat([Buffer.alloc(3), wavFile(samples), Buffer.alloc(5)]);
    const sound = parseWav(padded.subarray(3, padded.length - 5), 'a.wav');
    expect([...sound.samples]).toEqual(samples);
  });

  test.each<[string, WavFileOptions]>([
    ['all lengths 0xFFFFFFFF', { riffSize: 0xffff_ffff, dataSize: 0xffff_ffff }],
    ['all lengths 0', { riffSize: 0, dataSize: 0 }],
    ['no data length, RIFF length unknown', { riffSize: 0xffff_ffff, dataSize: 0 }],
    ['the header of an empty file', { riffSize: 36, dataSize: 0 }],
    ['a data length beyond the end', { dataSize: 1_000 }],
  ])('to the end of the file where its writer left %s', (_, options) => {
    expect([...parseWav(wavFile(samples, options), 'a.wav').samples]).toEqual(samples);
  });

  test('what there is of a file cut short, without half a sample', () => {
    const bytes = wavFile(samples);
    const cut = parseWav(bytes.subarray(0, bytes.length - 3), 'a.wav');
    expect([...cut.samples]).toEqual(samples.slice(0, -2));
  });

  test('floats that are too large as clipped and those that are no number as silence', () => {
    const odd = [3, -3, Infinity, -Infinity, NaN];
    for (const encoding of ['float32', 'float64'] as const) {
      expect([...parseWav(wavFile(odd, { encoding }), 'a.wav').samples]).toEqual([1, -1, 1, -1, 0]);
    }
  });
});

describe('refuses', () => {
  const patched = (at: number, value: number, options?: WavFileOptions): Buffer => {
    const bytes = wavFile(samples, options);
    bytes.writeUInt16LE(value, at);
    return bytes;
  };

  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /no RIFF WAVE file/],
    ['text', Buffer.from('This is a text and no sound'), /no RIFF WAVE file/],
    ['big-endian RIFX', Buffer.from('RIFX\0\0\0\0WAVE'), /no RIFF WAVE file/],
    ['a header alone', wavFile(samples).subarray(0, 12), /no format chunk/],
    ['data before its format', wavFile(samples, {}).fill('junk', 12, 16), /before its format/],
    ['no data chunk', wavFile(samples).subarray(0, 36), /no sound/],
    ['an empty data chunk', wavFile([]), /no sound/],
    ['less than one sample frame', wavFile([0.5], { audioChannels: 2 }), /no sound/],
    ['a format chunk cut short', wavFile(samples).subarray(0, 30), /format chunk is cut short/],
    ['mu-law', patched(20, 7), /format tag 0x7 with 16 bits/],
    ['12 bits a sample', patched(34, 12), /with 12 bits/],
    ['no channel', patched(22, 0), /0 channels/],
    ['65,535 channels', patched(22, 65_535), /65535 channels/],
    ['a sample rate too low', wavFile(samples, { sampleRate: 999 }), /999 Hz/],
    ['a sample rate too high', wavFile(samples, { sampleRate: 384_001 }), /384001 Hz/],
    ['a block of another size', patched(32, 3), /contradicts itself: 3 bytes/],
    [
      'an extensible format cut short',
      wavFile(samples, { container: 'extensible' }).subarray(0, 50),
      /extensible format chunk is cut short/,
    ],
    [
      'a sub-format that is none of WAV',
      patched(46, 0xbeef, { container: 'extensible' }),
      /format tag 0xfffe/,
    ],
  ])('%s', (_, bytes, fault) => {
    expect(faultOf(bytes)).toMatch(fault);
    expect(faultOf(bytes)).toMatch(/^cannot read "a\.wav": /);
  });
});

test('every damaged file is read or refused, never larger than it warrants', () => {
  const templates = [
    wavFile(samples, { audioChannels: 2 }),
    wavFile(samples, { encoding: 'pcm8', chunksBefore: [{ id: 'LIST', bytes: Buffer.alloc(5) }] }),
    wavFile(samples, { encoding: 'float64', container: 'extensible' }),
    wavFile(samples, { encoding: 'pcm24', riffSize: 0xffff_ffff, dataSize: 0xffff_ffff }),
  ];
  let read = 0;
  forEachFuzzCase((random) => {
    const template = templates[random.below(templates.length)]!;
    const bytes = random.chance(0.05) ? random.bytes(random.below(200)) : template;
    const damaged = mutateBytes(random, bytes);
    try {
      const sound = parseWav(damaged, 'a.wav');
      if (sound.samples.length > damaged.length) throw new Error('more samples than bytes');
      if (sound.samples.length % sound.audioChannels !== 0) throw new Error('half a frame');
      if (!sound.samples.every((sample) => Math.abs(sample) <= 1)) throw new Error('beyond ±1');
      read++;
    } catch (error) {
      if (!(error instanceof ClientError) || error.code !== 'unreadableWav') throw error;
    }
  });
  expect(read).toBeGreaterThan(0);
});

describe('readWav', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rookery-wav-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  test('reads a file', async () => {
    const path = join(folder, 'good.wav');
    await writeFile(path, wavFile(samples));
    expect([...(await readWav(path)).samples]).toEqual(samples);
  });

  test.each([
    ['none.wav', /cannot read ".*none\.wav": .*no such file/],
    ['.', /it is no regular file/],
  ])('names a file that it cannot open: %s', async (name, message) => {
    await expect(readWav(join(folder, name))).rejects.toMatchObject({
      code: 'unreadableWav',
      message: expect.stringMatching(message) as string,
    });
  });

  test('refuses a file that is too large before reading it', async () => {
    const path = join(folder, 'large.wav');
    await writeFile(path, wavFile(samples));
    await truncate(path, wavLimits.fileBytesMax + 1);
    await expect(readWav(path)).rejects.toThrow(/larger than 1024 MiB/);
  });
});
