import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import type { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { ClientError } from '../../clientError.js';
import type { DeviceStream } from '../device/audioDevice.js';
import type { SpeechEncoding } from '../speechSender.js';

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
  startsAbove: 0.8,
  stopsBelow: 0.4,
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
  /** Push to talk: whether the key is down. */
  setKey(isDown: boolean): void;
  setEncoding(encoding: CaptureEncoding): void;
  /**
   * Records of `capturedFrame.ts`, to be read by a `CapturedFrameReader`; consumer: whoever holds
   * this. Closed when the thread has ended.
   */
  readonly packets: SpscRecordRing;
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

/**
 * Starts the thread and waits until it is ready. It captures nothing until `attach`.
 *
 * @throws ClientError 'internal' where it does not start
 */
export function startCaptureThread(options: CaptureOptions): Promise<CaptureThread> {
  const what = options.settings.mode;
  return Promise.reject(new ClientError('internal', `capturing (${what}) is not built in yet`));
}
