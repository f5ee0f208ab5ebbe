import { open } from 'node:fs/promises';
import { ClientError } from '../clientError.js';
import { wavLimits } from './audioLimits.js';

/** A WAV file's sound. */
export interface WavSound {
  /** Sample frames a second, 1,000 … 384,000. */
  readonly sampleRate: number;
  /** 1 … 64. */
  readonly audioChannels: number;
  /** Interleaved by channel, −1…1; whole sample frames. */
  readonly samples: Float32Array;
}

/** Format tags of mmreg.h. */
const formatPcm = 0x0001;
const formatFloat = 0x0003;
const formatExtensible = 0xfffe;
/** Bytes 2–15 of the sub-format GUID whose first two are a format tag (ksmedia.h). */
const waveGuidTail = '000000001000800000aa00389b71';

const riffHeaderBytes = 12;
const chunkHeaderBytes = 8;
const formatBytesMin = 16;
const extensibleBytesMin = 40;
/** What writers put where they do not know a length yet. */
const unknownSize = 0xffff_ffff;

/**
 * Reads a whole WAV file.
 *
 * @throws ClientError 'unreadableWav' naming the file and its fault: as `parseWav`, and where the
 * file cannot be opened or is too large
 */
export async function readWav(path: string): Promise<WavSound> {
  return parseWav(await readBytes(path), path);
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const stats = await file.stat();
      if (!stats.isFile()) fail(path, 'it is no regular file');
      if (stats.size > wavLimits.fileBytesMax) {
        fail(path, `it is larger than ${wavLimits.fileBytesMax / 2 ** 20} MiB`);
      }
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof ClientError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ClientError('unreadableWav', `cannot read "${path}": ${reason}`, { cause });
  }
}

/**
 * Decodes a RIFF WAVE file: PCM of 8, 16, 24 or 32 bits, IEEE float of 32 or 64, plain or
 * WAVE_FORMAT_EXTENSIBLE. Other chunks are skipped. Floats beyond ±1 are clipped, and those that
 * are no number are silence.
 *
 * A data chunk that claims more than there is ends with the file. So does one of a length that its
 * writer never filled in: 0xFFFFFFFF, or 0 where the file goes on beyond its RIFF header's claim.
 * Half a sample frame at the end is left out.
 *
 * @param bytes the file; nothing is allocated that is larger than it warrants
 * @param name what the error calls the file
 * @throws ClientError 'unreadableWav' naming the file and its fault
 */
export function parseWav(bytes: Uint8Array, name: string): WavSound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isRiff = bytes.length >= riffHeaderBytes && textAt(view, 0) === 'RIFF';
  if (!isRiff || textAt(view, 8) !== 'WAVE') fail(name, 'it is no RIFF WAVE file');
  let format: WavFormat | null = null;
  for (let at = riffHeaderBytes; at + chunkHeaderBytes <= bytes.length;) {
    const id = textAt(view, at);
    const claimed = view.getUint32(at + 4, true);
    const start = at + chunkHeaderBytes;
    if (id === 'data') {
      if (!format) fail(name, 'its sound comes before its format');
      return decodeSamples(view, start, dataBytes(view, start, claimed), format, name);
    }
    if (id === 'fmt ') format = readFormat(view, start, claimed, name);
    at = start + claimed + (claimed & 1);
  }
  return fail(name, format ? 'it has no sound in it' : 'it has no format chunk');
}

/** How long the data chunk at `start` really is, in bytes. */
function dataBytes(view: DataView, start: number, claimed: number): number {
  const left = view.byteLength - start;
  const riffEnd = chunkHeaderBytes + view.getUint32(4, true);
  const isUnfinished =
    claimed === 0 && (riffEnd < view.byteLength || riffEnd === chunkHeaderBytes + unknownSize);
  return isUnfinished ? left : Math.min(claimed, left);
}

interface WavFormat {
  readonly encoding: keyof typeof sampleReaders;
  readonly audioChannels: number;
  readonly sampleRate: number;
  readonly sampleBytes: number;
}

function readFormat(view: DataView, start: number, claimed: number, name: string): WavFormat {
  const present = Math.min(claimed, view.byteLength - start);
  if (present < formatBytesMin) fail(name, 'its format chunk is cut short');
  let tag = view.getUint16(start, true);
  const audioChannels = view.getUint16(start + 2, true);
  const sampleRate = view.getUint32(start + 4, true);
  const blockBytes = view.getUint16(start + 12, true);
  const bits = view.getUint16(start + 14, true);
  if (tag === formatExtensible) {
    if (present < extensibleBytesMin) fail(name, 'its extensible format chunk is cut short');
    const hasWaveGuid = hexAt(view, start + 26, 14) === waveGuidTail;
    tag = hasWaveGuid ? view.getUint16(start + 24, true) : formatExtensible;
  }
  const encoding = `${tagNames[tag] ?? 'other'}${bits}`;
  if (!isEncoding(encoding)) {
    const found = `format tag 0x${tag.toString(16)} with ${bits} bits a sample`;
    fail(name, `its encoding (${found}) is not supported: convert it to 16-bit PCM`);
  }
  if (audioChannels < 1 || audioChannels > wavLimits.audioChannelsMax) {
    fail(name, `it claims ${audioChannels} channels; 1 to ${wavLimits.audioChannelsMax} are read`);
  }
  if (sampleRate < wavLimits.sampleRateMin || sampleRate > wavLimits.sampleRateMax) {
    const range = `${wavLimits.sampleRateMin} to ${wavLimits.sampleRateMax}`;
    fail(name, `it claims a sample rate of ${sampleRate} Hz; ${range} are read`);
  }
  const sampleBytes = bits / 8;
  if (blockBytes !== audioChannels * sampleBytes) {
    fail(name, `its format contradicts itself: ${blockBytes} bytes a sample frame`);
  }
  return { encoding, audioChannels, sampleRate, sampleBytes };
}

function decodeSamples(
  view: DataView,
  start: number,
  bytes: number,
  { encoding, audioChannels, sampleRate, sampleBytes }: WavFormat,
  name: string,
): WavSound {
  const count = Math.floor(bytes / (sampleBytes * audioChannels)) * audioChannels;
  if (count === 0) fail(name, 'it has no sound in it');
  if (count > wavLimits.samplesMax) fail(name, `it has more than ${wavLimits.samplesMax} samples`);
  const samples = new Float32Array(count);
  const read = sampleReaders[encoding];
  for (let i = 0; i < count; i++) samples[i] = read(view, start + i * sampleBytes);
  return { sampleRate, audioChannels, samples };
}

const tagNames: Readonly<Record<number, string>> = { [formatPcm]: 'pcm', [formatFloat]: 'float' };

/** One sample to −1…1. PCM of 8 bits is unsigned, all longer ones signed. */
const sampleReaders = {
  pcm8: (view: DataView, at: number) => (view.getUint8(at) - 128) / 128,
  pcm16: (view: DataView, at: number) => view.getInt16(at, true) / 32_768,
  pcm24: (view: DataView, at: number) =>
    (view.getInt8(at + 2) * 65_536 + view.getUint16(at, true)) / 8_388_608,
  pcm32: (view: DataView, at: number) => view.getInt32(at, true) / 2_147_483_648,
  float32: (view: DataView, at: number) => clip(view.getFloat32(at, true)),
  float64: (view: DataView, at: number) => clip(view.getFloat64(at, true)),
} as const;

function isEncoding(text: string): text is keyof typeof sampleReaders {
  return Object.hasOwn(sampleReaders, text);
}

function clip(sample: number): number {
  return Number.isNaN(sample) ? 0 : Math.max(-1, Math.min(1, sample));
}

function textAt(view: DataView, at: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, 4));
}

function hexAt(view: DataView, at: number, length: number): string {
  return Buffer.from(view.buffer, view.byteOffset + at, length).toString('hex');
}

function fail(name: string, fault: string): never {
  throw new ClientError('unreadableWav', `cannot read "${name}": ${fault}`);
}
