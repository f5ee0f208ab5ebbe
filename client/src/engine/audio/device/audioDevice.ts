import { defineTable, type SharedTableMemory } from '@rookery/schemas/sharedTable';
import type { ClientError } from '../../clientError.js';

/** `input` captures, `output` plays. */
export type StreamDirection = 'input' | 'output';

/** A sound device of this machine. */
export interface DeviceInfo {
  /** Stable over restarts and re-plugging: host API and name. */
  readonly id: string;
  /** As the system calls it. */
  readonly name: string;
  /** 0: cannot capture. */
  readonly inputChannels: number;
  /** 0: cannot play. */
  readonly outputChannels: number;
  /** Its own, Hz. */
  readonly sampleRate: number;
  readonly isDefaultInput: boolean;
  readonly isDefaultOutput: boolean;
}

/**
 * One row: what a running stream has moved. Its device's thread is the writer.
 *
 * | column      | meaning                                                                     |
 * |-------------|-----------------------------------------------------------------------------|
 * | framesMoved | sample frames moved to or from the device so far, silence included; wraps   |
 * | overruns    | device buffers lost: captured ones that did not fit or came too late        |
 * | underruns   | device buffers that were played as silence, whole or in part, or played late |
 * | shortfalls  | of these, those for which the ring held too little                          |
 */
export const streamTable = defineTable({
  name: 'audioStream',
  columns: {
    framesMoved: { type: 'u32', writer: 'device' },
    overruns: { type: 'u32', writer: 'device' },
    underruns: { type: 'u32', writer: 'device' },
    shortfalls: { type: 'u32', writer: 'device' },
  },
});

/** One side of a running device. The ring holds interleaved float32 samples of all its channels. */
export interface DeviceStream {
  readonly direction: StreamDirection;
  readonly deviceName: string;
  /** Sample frames a second. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Sample frames that the device moves at a time. */
  readonly bufferFrames: number;
  /**
   * A `SpscSampleRing`, −1…1. Input: the device produces. Output: the device consumes. It wakes the
   * ring's header after each move, and closes it once the stream has ended.
   */
  readonly ring: SharedArrayBuffer;
  /** `streamTable`, 1 row. */
  readonly table: SharedTableMemory;
  /** Why it ended, once it has; null where close() ended it. */
  readonly ended: Promise<ClientError | null>;
  /** Resolves when the device is free again. To be called again does nothing more. */
  close(): Promise<void>;
}

/**
 * Where sound comes from and goes to. Makers: `openPortAudio()`, `openFileDevice()`,
 * `openNoDevice()`.
 */
export interface AudioDevice {
  /** @throws ClientError noAudioLibrary | audioDeviceFailed */
  list(): Promise<readonly DeviceInfo[]>;
  /**
   * Starts one side of a device.
   *
   * @param deviceId as in `DeviceInfo`; null for the system's default
   * @param bufferMs wished length of what the device moves at a time
   * @throws ClientError noAudioLibrary | noAudioDevice | audioDeviceInUse | audioNotAllowed |
   *   audioDeviceFailed
   */
  open(
    direction: StreamDirection,
    deviceId: string | null,
    bufferMs: number,
  ): Promise<DeviceStream>;
  /** Ends all streams and whatever runs for them. */
  close(): Promise<void>;
}
