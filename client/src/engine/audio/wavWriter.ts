import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { endianness } from 'node:os';
import { sampleRate } from '@rookery/schemas/voicePacket';
import { ClientError } from '../clientError.js';

const headerBytes = 44;
const sampleBytes = Int16Array.BYTES_PER_ELEMENT;
/** Half a second of 48 kHz mono: what a crash may cost. */
const bufferSamples = sampleRate / 2;
/** The RIFF header says the length of all but its own first eight bytes in 32 bits. */
const dataBytesMax = 0xffff_ffff - headerBytes;

/** How the samples of a file are to be read. */
export interface WavFormat {
  readonly sampleRate: number;
  /** Samples are interleaved by channel. */
  readonly audioChannels: number;
}

/** What all voices are inside. */
export const monoVoiceFormat: WavFormat = { sampleRate, audioChannels: 1 };

/**
 * Writes a WAV file as the sound comes: 16 bit. The header is brought up to date with every half
 * second written, so a file whose writer died is whole up to there. Silence that is
 * skipped takes no room on file systems that know holes. Blocks while it writes: for worker
 * threads. Every method throws ClientError 'outputUnwritable', naming the file and the cause.
 */
export class WavWriter {
  readonly #path: string;
  readonly #format: WavFormat;
  readonly #file: number;
  readonly #buffer = new Int16Array(bufferSamples);
  #bufferedSamples = 0;
  #flushedBytes = 0;
  #fileBytes = headerBytes;

  /** Creates the file or empties it. */
  constructor(path: string, format = monoVoiceFormat) {
    this.#path = path;
    this.#format = format;
    this.#file = attempt(path, () => openSync(path, 'w'));
    attempt(this.#path, () => this.#writeHeader());
  }

  /** Samples of all channels so far, written and skipped. */
  get samples(): number {
    return this.#flushedBytes / sampleBytes + this.#bufferedSamples;
  }

  /** @param samples 16 bit, interleaved; copied */
  write(samples: Int16Array): void {
    for (let at = 0; at < samples.length;) {
      const part = samples.subarray(at, at + bufferSamples - this.#bufferedSamples);
      this.#buffer.set(part, this.#bufferedSamples);
      this.#bufferedSamples += part.length;
      at += part.length;
      if (this.#bufferedSamples === bufferSamples) this.#flush();
    }
  }

  /** Writes silence until the file holds `samples` of them; nothing where it already does. */
  skipTo(samples: number): void {
    if (samples <= this.samples) return;
    this.#flush();
    this.#assertRoomFor(samples * sampleBytes);
    this.#flushedBytes = samples * sampleBytes;
  }

  /** Writes what is left and closes the file. To be called once, also after a failed write. */
  close(): void {
    try {
      this.#flush();
      attempt(this.#path, () => {
        const endBytes = headerBytes + this.#flushedBytes;
        if (this.#fileBytes < endBytes) ftruncateSync(this.#file, endBytes);
        this.#writeHeader();
      });
    } finally {
      closeSync(this.#file);
    }
  }

  #flush(): void {
    if (this.#bufferedSamples === 0) return;
    const bytes = this.#bufferedSamples * sampleBytes;
    this.#assertRoomFor(this.#flushedBytes + bytes);
    attempt(this.#path, () => {
      const block = littleEndian(this.#buffer.subarray(0, this.#bufferedSamples));
      this.#writeAll(block, headerBytes + this.#flushedBytes);
      this.#flushedBytes += bytes;
      this.#bufferedSamples = 0;
      this.#writeHeader();
    });
  }

  #assertRoomFor(dataBytes: number): void {
    if (dataBytes <= dataBytesMax) return;
    const fault = 'a WAV file ends at 4 GiB';
    throw new ClientError('outputUnwritable', `cannot write "${this.#path}": ${fault}`);
  }

  #writeHeader(): void {
    this.#writeAll(wavHeader(this.#format, this.#flushedBytes), 0);
  }

  /** A short write is how a full disk begins: the rest then fails with the reason. */
  #writeAll(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, position + done);
    }
    this.#fileBytes = Math.max(this.#fileBytes, position + bytes.length);
  }
}

/** RIFF header, format chunk (PCM) and the head of the data chunk. */
function wavHeader(format: WavFormat, dataBytes: number): Uint8Array {
  const sampleFrameBytes = format.audioChannels * sampleBytes;
  const header = Buffer.alloc(headerBytes);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(headerBytes - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(format.audioChannels, 22);
  header.writeUInt32LE(format.sampleRate, 24);
  header.writeUInt32LE(format.sampleRate * sampleFrameBytes, 28);
  header.writeUInt16LE(sampleFrameBytes, 32);
  header.writeUInt16LE(8 * sampleBytes, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/** The samples' bytes as WAV has them; a view of them where the machine stores them so. */
function littleEndian(samples: Int16Array): Uint8Array {
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return endianness() === 'LE' ? bytes : Buffer.from(bytes).swap16();
}

function attempt<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const isFull = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
    const reason = cause instanceof Error ? cause.message : String(cause);
    const fault = isFull ? 'the disk is full' : reason;
    throw new ClientError('outputUnwritable', `cannot write "${path}": ${fault}`, { cause });
  }
}
