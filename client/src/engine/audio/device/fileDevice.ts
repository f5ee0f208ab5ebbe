import { Worker } from 'node:worker_threads';
import { sampleRate as voiceSampleRate } from '@rookery/schemas/voicePacket';
import { ClientError } from '../../clientError.js';
import { readWav, type WavSound } from '../wav.js';
import type { AudioDevice, DeviceInfo, DeviceStream, StreamDirection } from './audioDevice.js';
import { deviceBufferFrames } from './deviceLimits.js';
import { runningStream } from './streamThread.js';

/** Files in place of a microphone and of headphones. */
export interface FileDeviceOptions {
  /** WAV file that is captured: at its own rate, with its own channels. Null: no input. */
  readonly inPath: string | null;
  /** WAV file of what is played, 16 bit; replaced where it exists. Null: what is played is lost. */
  readonly outPath: string | null;
  /** What follows the end of `inPath`: silence ('once', where left out), or its start again. */
  readonly repeat?: 'once' | 'loop';
  /** Of the output; 48 kHz where left out. */
  readonly outSampleRate?: number;
  /** Of the output; 2 where left out. */
  readonly outChannels?: number;
  /** How much faster than the machine's clock both run, as a sound card's quartz does. */
  readonly driftPpm?: number;
}

/** What `fileInputWorker.ts` is started with. */
export interface FileInputData {
  readonly deviceName: string;
  readonly sound: WavSound;
  readonly repeat: 'once' | 'loop';
  readonly bufferFrames: number;
  readonly driftPpm: number;
}

/** What `fileOutputWorker.ts` is started with. */
export interface FileOutputData {
  readonly deviceName: string;
  readonly outPath: string | null;
  readonly sampleRate: number;
  readonly channels: number;
  readonly bufferFrames: number;
  readonly driftPpm: number;
}

/**
 * A device of files, paced by the monotonic clock: the input captures a WAV file from its start
 * with each opening, the output writes what is played. Nothing is lost where the machine is busy:
 * a late input catches up, a late output lets its clock stand still.
 *
 * @returns opens only what it has a file for, or 'audioDeviceFailed' where that cannot be read or
 *   written; `close()` and the stream's own finish the file
 */
export function openFileDevice(options: FileDeviceOptions): AudioDevice {
  return new FileDevice(options);
}

const inputId = 'file:in';
const outputId = 'file:out';
const usualOutChannels = 2;

class FileDevice implements AudioDevice {
  readonly #options: FileDeviceOptions;
  readonly #streams = new Set<DeviceStream>();
  /** Read when it is first asked for. */
  #sound: Promise<WavSound> | null = null;

  constructor(options: FileDeviceOptions) {
    this.#options = options;
  }

  async list(): Promise<readonly DeviceInfo[]> {
    const { inPath, outSampleRate, outChannels } = this.#options;
    const output: DeviceInfo = {
      id: outputId,
      name: this.#outputName,
      inputChannels: 0,
      outputChannels: outChannels ?? usualOutChannels,
      sampleRate: outSampleRate ?? voiceSampleRate,
      isDefaultInput: false,
      isDefaultOutput: true,
    };
    if (inPath === null) return [output];
    const { audioChannels, sampleRate } = await this.#openSound(inPath);
    const input: DeviceInfo = {
      id: inputId,
      name: inPath,
      inputChannels: audioChannels,
      outputChannels: 0,
      sampleRate,
      isDefaultInput: true,
      isDefaultOutput: false,
    };
    return [input, output];
  }

  async open(
    direction: StreamDirection,
    deviceId: string | null,
    bufferMs: number,
  ): Promise<DeviceStream> {
    const ownId = direction === 'input' ? inputId : outputId;
    if (deviceId !== null && deviceId !== ownId) {
      throw new ClientError('noAudioDevice', `there is no sound device "${deviceId}"`);
    }
    const stream = await runningStream(
      direction === 'input' ? await this.#startInput(bufferMs) : this.#startOutput(bufferMs),
    );
    this.#streams.add(stream);
    void stream.ended.then(() => this.#streams.delete(stream));
    return stream;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#streams].map((stream) => stream.close()));
  }

  get #outputName(): string {
    return this.#options.outPath ?? 'nowhere';
  }

  #openSound(inPath: string): Promise<WavSound> {
    this.#sound ??= readWav(inPath);
    return this.#sound;
  }

  async #startInput(bufferMs: number): Promise<Worker> {
    const { inPath, repeat, driftPpm } = this.#options;
    if (inPath === null) {
      throw new ClientError('noAudioDevice', 'no sound file was given in place of a microphone');
    }
    const sound = await this.#openSound(inPath);
    const workerData: FileInputData = {
      deviceName: inPath,
      sound,
      repeat: repeat ?? 'once',
      bufferFrames: deviceBufferFrames(bufferMs, sound.sampleRate),
      driftPpm: driftPpm ?? 0,
    };
    return new Worker(new URL('./fileInputWorker.js', import.meta.url), { workerData });
  }

  #startOutput(bufferMs: number): Worker {
    const { outPath, outSampleRate, outChannels, driftPpm } = this.#options;
    const sampleRate = outSampleRate ?? voiceSampleRate;
    const workerData: FileOutputData = {
      deviceName: this.#outputName,
      outPath,
      sampleRate,
      channels: outChannels ?? usualOutChannels,
      bufferFrames: deviceBufferFrames(bufferMs, sampleRate),
      driftPpm: driftPpm ?? 0,
    };
    return new Worker(new URL('./fileOutputWorker.js', import.meta.url), { workerData });
  }
}
