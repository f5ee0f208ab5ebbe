/** What a test's WAV file is to look like; every field that is left out is as it should be. */
export interface WavFileOptions {
  readonly encoding?: 'pcm8' | 'pcm16' | 'pcm24' | 'pcm32' | 'float32' | 'float64';
  readonly container?: 'plain' | 'extensible';
  readonly sampleRate?: number;
  readonly audioChannels?: number;
  /** Chunks before the data, each with its id. */
  readonly chunksBefore?: readonly { id: string; bytes: Uint8Array }[];
  readonly chunksAfter?: readonly { id: string; bytes: Uint8Array }[];
  /** Overwrites what the RIFF header and the data chunk say of their lengths. */
  readonly riffSize?: number;
  readonly dataSize?: number;
}

/**
 * @param samples interleaved, −1…1
 * @returns the bytes of a WAV file
 */
export function wavFile(samples: ArrayLike<number>, options: WavFileOptions = {}): Buffer {
  const data = encodeSamples(samples, options.encoding ?? 'pcm16');
  const chunks = Buffer.concat([
    chunk('fmt ', formatChunk(options)),
    ...(options.chunksBefore ?? []).map(({ id, bytes }) => chunk(id, bytes)),
    chunk('data', data, options.dataSize),
    ...(options.chunksAfter ?? []).map(({ id, bytes }) => chunk(id, bytes)),
  ]);
  const head = Buffer.from('RIFF....WAVE', 'latin1');
  head.writeUInt32LE(options.riffSize ?? chunks.length + 4, 4);
  return Buffer.concat([head, chunks]);
}

function chunk(id: string, bytes: Uint8Array, size = bytes.length): Buffer {
  const head = Buffer.from(`${id}....`, 'latin1');
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, bytes, Buffer.alloc(bytes.length & 1)]);
}

function formatChunk(options: WavFileOptions): Buffer {
  const encoding = options.encoding ?? 'pcm16';
  const bits = Number(/\d+/.exec(encoding)![0]);
  const tag = encoding.startsWith('pcm') ? 1 : 3;
  const audioChannels = options.audioChannels ?? 1;
  const sampleRate = options.sampleRate ?? 48_000;
  const blockBytes = (audioChannels * bits) / 8;
  const plain = Buffer.alloc(16);
  plain.writeUInt16LE(options.container === 'extensible' ? 0xfffe : tag, 0);
  plain.writeUInt16LE(audioChannels, 2);
  plain.writeUInt32LE(sampleRate, 4);
  plain.writeUInt32LE(sampleRate * blockBytes, 8);
  plain.writeUInt16LE(blockBytes, 12);
  plain.writeUInt16LE(bits, 14);
  if (options.container !== 'extensible') return plain;
  // cbSize, valid bits, speaker mask, then the sub-format's GUID.
  const extension = Buffer.from('1600000000000000', 'hex');
  extension.writeUInt16LE(bits, 2);
  const guid = Buffer.from('0000000000001000800000aa00389b71', 'hex');
  guid.writeUInt16LE(tag, 0);
  return Buffer.concat([plain, extension, guid]);
}

function encodeSamples(
  samples: ArrayLike<number>,
  encoding: NonNullable<WavFileOptions['encoding']>,
): Buffer {
  const bytes = Number(/\d+/.exec(encoding)![0]) / 8;
  const out = Buffer.alloc(samples.length * bytes);
  const scaled = (sample: number): number => {
    const limit = 2 ** (8 * bytes - 1);
    return Math.max(-limit, Math.min(limit - 1, Math.round(sample * limit)));
  };
  for (let i = 0; i < samples.length; i++) {
    const at = i * bytes;
    if (encoding === 'float32') out.writeFloatLE(samples[i]!, at);
    else if (encoding === 'float64') out.writeDoubleLE(samples[i]!, at);
    else if (encoding === 'pcm8') out.writeUInt8(scaled(samples[i]!) + 128, at);
    else out.writeIntLE(scaled(samples[i]!), at, bytes);
  }
  return out;
}
