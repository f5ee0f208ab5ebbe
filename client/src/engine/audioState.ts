import type { Uuid } from '@rookery/schemas/messages';
import { quietestDb, type CapturePoint } from './audio/capture/captureTable.js';
import { usualCapture, type CaptureSettings } from './audio/capture/captureThread.js';
import type { DeviceInfo } from './audio/device/audioDevice.js';
import { deviceOff, type DeviceState } from './audio/device/deviceState.js';
import { lossPctMin } from './audio/live/expectedLoss.js';
import type { CopiesState } from './audio/tools/soundCopies.js';
import { nothingWritten } from './audio/tools/writingState.js';
import type { UserSound } from './audio/live/soundSettings.js';
import type { EngineFault } from './engineState.js';

/** How far the engine's sound is. It needs no server. */
export type AudioPhase = 'off' | 'starting' | 'running';

/** In dB of full scale; `quietestDb` for silence. */
export interface Loudness {
  readonly peakDbfs: number;
  readonly rmsDbfs: number;
}

/** How loud it is now. */
export interface AudioLevels {
  /** Of what is captured, from the microphone to what is encoded (`limiter`). */
  readonly capture: Readonly<Record<CapturePoint, Loudness>>;
  /** 0 … 1: how likely somebody speaks. */
  readonly voiceProbability: number;
  /** The microphone was louder than it can say, within the last second. */
  readonly isClipping: boolean;
  /** Of what is played. */
  readonly outputRmsDbfs: number;
}

/** What came of one speaker's packets. Counts are of this session. */
export interface SpeakerStatistics {
  readonly isTalking: boolean;
  readonly isWhispering: boolean;
  readonly levelDbfs: number;
  /** Sound that waits in the jitter buffer. */
  readonly depthMs: number;
  readonly jitterMs: number;
  /** From the packet's coming to its sound. */
  readonly delayMs: number;
  readonly framesPlayed: number;
  /** Lost, and brought back from the next packet. */
  readonly framesRecovered: number;
  /** Lost or late, and guessed: in steps of 10 ms. */
  readonly framesConcealed: number;
  readonly framesLate: number;
  readonly framesDuplicate: number;
  readonly samplesStretched: number;
  /** Opus that came. */
  readonly payloadBytes: number;
}

export interface CaptureCounters {
  /** Encoded. */
  readonly frames: number;
  /** Dropped, oldest first, because they could not leave in time. */
  readonly framesDropped: number;
  /** Of the microphone, 48 kHz. */
  readonly samplesLost: number;
}

export interface PlaybackCounters {
  /** Steps of 10 ms. */
  readonly steps: number;
  /** The device wanted sound and there was none. */
  readonly underruns: number;
  readonly lateSteps: number;
}

/** The engine's sound: devices, levels, who is heard how. */
export interface AudioState extends CopiesState {
  readonly phase: AudioPhase;
  readonly input: DeviceState;
  readonly output: DeviceState;
  /** All that this machine has. */
  readonly devices: readonly DeviceInfo[];
  readonly settings: CaptureSettings;
  readonly isDeafened: boolean;
  /** The key of push to talk. */
  readonly isKeyDown: boolean;
  readonly isTransmitting: boolean;
  readonly isHearingSelf: boolean;
  /** Share of the own packets for whose loss FEC is made, 0 … 100. */
  readonly expectedLossPct: number;
  /** Share of the own packets that got lost lately, by pings and by whom hears them, 0 … 100. */
  readonly ownLossPct: number;
  /** 20 times a second while it runs. */
  readonly levels: AudioLevels;
  /** By session token: who was heard in this session. */
  readonly speakers: ReadonlyMap<number, SpeakerStatistics>;
  /** Of those who are not to be heard as they are sent. */
  readonly users: ReadonlyMap<Uuid, UserSound>;
  readonly capture: CaptureCounters;
  readonly playback: PlaybackCounters;
  /** Why there is no sound, where that is not for want of a device; null: nothing is wrong. */
  readonly problem: EngineFault | null;
}

const silence: Loudness = { peakDbfs: quietestDb, rmsDbfs: quietestDb };

export const silentLevels: AudioLevels = {
  capture: {
    microphone: silence,
    inputGain: silence,
    highPass: silence,
    echoCanceller: silence,
    noiseSuppressor: silence,
    gainControl: silence,
    limiter: silence,
  },
  voiceProbability: 0,
  isClipping: false,
  outputRmsDbfs: quietestDb,
};

/** Sound that was never started. */
export const audioOff: AudioState = {
  phase: 'off',
  input: deviceOff,
  output: deviceOff,
  devices: [],
  settings: usualCapture,
  isDeafened: false,
  isKeyDown: false,
  isTransmitting: false,
  isHearingSelf: false,
  expectedLossPct: lossPctMin,
  ownLossPct: 0,
  levels: silentLevels,
  speakers: new Map(),
  users: new Map(),
  capture: { frames: 0, framesDropped: 0, samplesLost: 0 },
  playback: { steps: 0, underruns: 0, lateSteps: 0 },
  dump: nothingWritten,
  recording: nothingWritten,
  problem: null,
};
