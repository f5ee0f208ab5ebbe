import { once } from 'node:events';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { defaultRoom } from '@rookery/schemas/protocol';
import { RingHeader } from '@rookery/schemas/ringHeader';
import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import { createRecordRing, SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import type { ClientError } from '../../clientError.js';
import type { DeviceStream } from '../device/audioDevice.js';
import { encoderTable, wishEncoding, wishFrameMs, type EncoderTable } from '../encoderWishes.js';
import { opusEncoderDefaults, type OpusEncoderOptions } from '../opusCodec.js';
import type { SpeechEncoding } from '../speechSender.js';
import type { SoundPluginMemory } from '../plugins/soundPluginTable.js';
import { createSampleRing } from '../spscSampleRing.js';
import { workerExit } from '../workerExit.js';
import { captureLimits } from './captureLimits.js';
import { captureTable } from './captureTable.js';
import { captureWishes, writeSettings, type CaptureWishes } from './captureWishes.js';
import type { InputStream } from './inputFeed.js';

/** When what is captured is sent, where it is not muted. */
export type TransmitMode = 'pushToTalk' | 'voiceActivated' | 'continuous';

/** How sound is captured. */
export interface CaptureSettings {
  readonly mode: TransmitMode;
  readonly isMuted: boolean;
  readonly isHighPassOn: boolean;
  readonly isEchoCancellerOn: boolean;
  readonly isNoiseSuppressorOn: boolean;
  readonly isGainControlOn: boolean;
  /** Voice probability, 0 … 1, from which a spurt begins where it is voice activated. */
  readonly startsAbove: number;
  /** Voice probability below which speech is over, once the hold is; at most `startsAbove`. */
  readonly stopsBelow: number;
  /** Voice activated: how long a spurt goes on after speech. */
  readonly holdMs: number;
  /** Push to talk: how long a spurt goes on after the key is up. */
  readonly releaseMs: number;
  /** Before everything else; 0 … 4, 1 for as it is. */
  readonly inputGain: number;
  /** Whether frames without sound are left out. */
  readonly isDtxOn: boolean;
}

/** What suits most people: all of the chain, and speech opens the microphone. */
export const usualCapture: CaptureSettings = {
  mode: 'voiceActivated',
  isMuted: false,
  isHighPassOn: true,
  isEchoCancellerOn: true,
  isNoiseSuppressorOn: true,
  isGainControlOn: true,
  startsAbove: 0.5,
  stopsBelow: 0.35,
  holdMs: 300,
  releaseMs: 200,
  inputGain: 1,
  isDtxOn: false,
};

/** How to encode: what the room says, and what is known of the network. */
export interface CaptureEncoding extends SpeechEncoding {
  /** Share of the packets that receivers do not get, 0 … 100: how much FEC spends. */
  readonly expectedLossPct: number;
}

/** A running capture worker: from a device's samples to Opus frames. Used by one thread. */
export interface CaptureThread {
  /** From the next samples on; null: nothing is captured. Ends an open spurt. */
  attach(input: DeviceStream | null): void;
  configure(settings: CaptureSettings): void;
  /** From the next frame on these plugins change the voice, in this order, and no others. */
  setPlugins(plugins: readonly SoundPluginMemory[]): void;
  /** Push to talk: whether the key is down. */
  setKey(isDown: boolean): void;
  setEncoding(encoding: CaptureEncoding): void;
  /**
   * Records of `capturedFrame.ts`, to be read by a `CapturedFrameReader`; consumer: whoever holds
   * this. Closed when the thread has ended.
   */
  readonly packets: SpscRecordRing;
  /** The memory of `packets`. */
  readonly packetRing: SharedArrayBuffer;
  /** Own voice after the chain, 48 kHz mono, 480 samples at a time, while it is monitored. */
  readonly ownVoice: SharedArrayBuffer;
  setMonitored(isOn: boolean): void;
  /** Memory of `captureTable`, 1 row. */
  readonly table: SharedTableMemory;
  /** Copies of the microphone and of the chain's output, both as `ownVoice`, while dumping. */
  readonly dumpRaw: SharedArrayBuffer;
  readonly dumpProcessed: SharedArrayBuffer;
  setDumping(isOn: boolean): void;
  /** Ends an open spurt and the thread; resolves when it has ended. */
  close(): Promise<void>;
  /** Resolves with 'internal' when the thread died, and never otherwise. */
  readonly failed: Promise<ClientError>;
}

export interface CaptureOptions {
  /** What is played: 48 kHz mono, 480 samples at a time. The capture worker is its consumer. */
  readonly farEnd: SharedArrayBuffer;
  readonly settings: CaptureSettings;
}

/** What `captureWorker.ts` is started with. */
export interface CaptureWorkerData {
  readonly farEnd: SharedArrayBuffer;
  readonly packets: SharedArrayBuffer;
  readonly ownVoice: SharedArrayBuffer;
  readonly dumpRaw: SharedArrayBuffer;
  readonly dumpProcessed: SharedArrayBuffer;
  /** Memory of `captureTable`, `captureWishes` and `encoderTable`. */
  readonly table: SharedTableMemory;
  readonly wishes: SharedTableMemory;
  readonly encoding: SharedTableMemory;
  readonly encoderOptions: OpusEncoderOptions;
  /** Only its header is used: what the worker sleeps on while no device is attached. */
  readonly control: SharedArrayBuffer;
  /** Where a `CaptureMessage` comes for each of `messages` of the wishes. */
  readonly port: MessagePort;
}

/** The next device to capture from, or none; the plugins from now on. */
export type CaptureMessage =
  | { readonly kind: 'input'; readonly input: InputStream | null }
  | { readonly kind: 'plugins'; readonly plugins: readonly SoundPluginMemory[] };

/**
 * Starts the thread and waits until it is ready. It captures nothing until `attach`.
 *
 * @throws ClientError 'internal' where it does not start
 */
export function startCaptureThread(options: CaptureOptions): Promise<CaptureThread> {
  return startCaptureOn(options, new URL('./captureWorker.js', import.meta.url));
}

/** As `startCaptureThread`, with another worker. */
export async function startCaptureOn(options: CaptureOptions, entry: URL): Promise<CaptureThread> {
  const { port1, port2 } = new MessageChannel();
  const wishes = captureWishes.allocate(1);
  const encoding = encoderTable.allocate(1);
  writeSettings(wishes, options.settings);
  wishEncoding(encoding, opusEncoderDefaults);
  wishFrameMs(encoding, defaultRoom.frameMs);
  const workerData: CaptureWorkerData = {
    farEnd: options.farEnd,
    packets: createRecordRing(captureLimits.packetRingBytes),
    ownVoice: createSampleRing(captureLimits.ownVoiceSamples),
    dumpRaw: createSampleRing(captureLimits.dumpSamples),
    dumpProcessed: createSampleRing(captureLimits.dumpSamples),
    table: captureTable.allocate(1).memory,
    wishes: wishes.memory,
    encoding: encoding.memory,
    encoderOptions: opusEncoderDefaults,
    control: createRecordRing(4),
    port: port2,
  };
  const worker = new Worker(entry, { workerData, transferList: [port2] });
  const exited = workerExit(worker, 'capturing');
  const thread = new RunningCapture(workerData, { wishes, encoding, port: port1, exited });
  thread.configure(options.settings);
  try {
    await Promise.race([once(worker, 'message'), exited]);
    return thread;
  } catch (error) {
    port1.close();
    throw error;
  }
}

class RunningCapture implements CaptureThread {
  readonly packets: SpscRecordRing;
  readonly packetRing: SharedArrayBuffer;
  readonly ownVoice: SharedArrayBuffer;
  readonly table: SharedTableMemory;
  readonly dumpRaw: SharedArrayBuffer;
  readonly dumpProcessed: SharedArrayBuffer;
  readonly failed: Promise<ClientError>;
  readonly #wishes: CaptureWishes;
  readonly #encoding: EncoderTable;
  readonly #port: MessagePort;
  readonly #ended: Promise<void>;
  readonly #control: RingHeader;
  /** Of the attached device: the worker may sleep on it. */
  #input: RingHeader | null = null;
  #options = opusEncoderDefaults;

  constructor(
    data: CaptureWorkerData,
    parts: {
      readonly wishes: CaptureWishes;
      readonly encoding: EncoderTable;
      readonly port: MessagePort;
      readonly exited: Promise<void>;
    },
  ) {
    this.packetRing = data.packets;
    this.packets = new SpscRecordRing(data.packets);
    this.ownVoice = data.ownVoice;
    this.table = data.table;
    this.dumpRaw = data.dumpRaw;
    this.dumpProcessed = data.dumpProcessed;
    this.#wishes = parts.wishes;
    this.#encoding = parts.encoding;
    this.#port = parts.port;
    this.#control = new RingHeader(data.control);
    // A reader of `packets` must not sleep on for a thread that is gone.
    const closePackets = (): void => this.packets.header.close();
    this.#ended = parts.exited.then(closePackets, closePackets);
    this.failed = new Promise((resolve) => {
      parts.exited.catch((error: unknown) => resolve(error as ClientError));
    });
  }

  attach(input: DeviceStream | null): void {
    this.#send({ kind: 'input', input: input && inputStreamOf(input) });
    this.#input = input && new RingHeader(input.ring);
  }

  setPlugins(plugins: readonly SoundPluginMemory[]): void {
    this.#send({ kind: 'plugins', plugins });
  }

  configure(settings: CaptureSettings): void {
    writeSettings(this.#wishes, settings);
    this.#options = { ...this.#options, dtx: settings.isDtxOn ? 'whenSilent' : 'off' };
    wishEncoding(this.#encoding, this.#options);
  }

  setKey(isDown: boolean): void {
    if (isDown) this.#wishes.columns.keyPresses.add(0, 1);
    this.#wishes.columns.isKeyDown.store(0, Number(isDown));
  }

  setEncoding({ bitrate, isFecOn, expectedLossPct, frameMs }: CaptureEncoding): void {
    const lossPercent = Math.round(Math.min(Math.max(expectedLossPct, 0), 100));
    const fec = isFecOn ? 'inBand' : 'off';
    this.#options = { ...this.#options, bitrate, fec, lossPercent };
    wishEncoding(this.#encoding, this.#options);
    wishFrameMs(this.#encoding, frameMs);
  }

  setMonitored(isOn: boolean): void {
    this.#wishes.columns.isMonitored.store(0, Number(isOn));
  }

  setDumping(isOn: boolean): void {
    this.#wishes.columns.isDumping.store(0, Number(isOn));
  }

  async close(): Promise<void> {
    this.#wishes.columns.isClosing.store(0, 1);
    this.#wake();
    await this.#ended;
    this.#port.close();
  }

  #send(message: CaptureMessage): void {
    this.#port.postMessage(message);
    this.#wishes.columns.messages.add(0, 1);
    this.#wake();
  }

  #wake(): void {
    this.#control.wake();
    this.#input?.wake();
  }
}

/** Of a stream what can be posted. */
function inputStreamOf(stream: DeviceStream): InputStream {
  const { sampleRate, channels, bufferFrames, ring, table } = stream;
  return { sampleRate, channels, bufferFrames, ring, table };
}
