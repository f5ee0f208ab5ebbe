import type { ClientError } from '../../clientError.js';
import {
  startCaptureThread,
  type CaptureSettings,
  type CaptureThread,
} from '../capture/captureThread.js';
import { captureTable } from '../capture/captureTable.js';
import type { AudioDevice, DeviceStream, StreamDirection } from '../device/audioDevice.js';
import { DeviceKeeper } from '../device/deviceKeeper.js';
import type { DeviceState } from '../device/deviceState.js';
import { playbackTable } from '../playback/playbackTables.js';
import type { SoundPlugins } from '../plugins/soundPlugins.js';
import { startPlaybackThread, type PlaybackThread } from '../playback/playbackThread.js';
import { FramePump, type FrameSender } from './framePump.js';
import { ringFill, streamFill, type SoundFigures } from './soundFigures.js';
import { SoundMeter } from './soundMeter.js';

export interface SoundPartsOptions {
  readonly openDevice: () => AudioDevice;
  readonly settings: CaptureSettings;
  /** What changes the sound; they are told of the threads while these run. */
  readonly plugins: SoundPlugins;
  readonly onDevice: (direction: StreamDirection, state: DeviceState) => void;
  readonly send: FrameSender;
}

/** What a device moves at a time: what is shorter wakes the machine more often than it helps. */
const bufferMs = 10;

/**
 * All that runs while there is sound: the devices of both directions, the threads between them and
 * the network, and what carries captured frames to this one.
 *
 *     input ──► capture ──► pump ──► send            push ──► playback ──► output
 *                  ▲                                              │
 *                  └──────────────── what is played ──────────────┘
 */
export class SoundParts {
  readonly meter: SoundMeter;
  readonly pump: FramePump;
  /** Nothing is opened before their first choose(). */
  readonly input: DeviceKeeper;
  readonly output: DeviceKeeper;
  /** Resolves when a thread has died. */
  readonly failed: Promise<ClientError>;
  private readonly streams: Record<StreamDirection, DeviceStream | null> = {
    input: null,
    output: null,
  };

  private constructor(
    readonly device: AudioDevice,
    readonly capture: CaptureThread,
    readonly playback: PlaybackThread,
    private readonly plugins: SoundPlugins,
    { onDevice, send }: SoundPartsOptions,
  ) {
    const { speakers } = playback;
    this.meter = new SoundMeter({ capture: capture.table, playback: playback.table, speakers });
    this.pump = new FramePump(capture.packets, send);
    this.failed = Promise.race([capture.failed, playback.failed]);
    plugins.attach(this);
    this.input = new DeviceKeeper(device, {
      direction: 'input',
      bufferMs,
      onStream: (stream) => {
        this.streams.input = stream;
        capture.attach(stream);
      },
      onState: (state) => onDevice('input', state),
    });
    this.output = new DeviceKeeper(device, {
      direction: 'output',
      bufferMs,
      onStream: (stream) => {
        this.streams.output = stream;
        playback.attach(stream);
      },
      onState: (state) => onDevice('output', state),
    });
  }

  /**
   * @throws ClientError `internal` where a thread does not start, and what `openDevice` throws;
   *   nothing is left open then.
   */
  static async start(options: SoundPartsOptions): Promise<SoundParts> {
    const { openDevice, settings } = options;
    const device = openDevice();
    let playback: PlaybackThread | null = null;
    try {
      playback = await startPlaybackThread();
      const capture = await startCaptureThread({ farEnd: playback.farEnd, settings });
      return new SoundParts(device, capture, playback, options.plugins, options);
    } catch (error) {
      await playback?.close();
      await device.close();
      throw error;
    }
  }

  /** What is done now; reads shared memory alone, and allocates. */
  get figures(): SoundFigures {
    const { columns: capture } = captureTable.attach(this.capture.table);
    const { columns: playback } = playbackTable.attach(this.playback.table);
    return {
      rings: {
        microphone: streamFill(this.streams.input),
        captured: ringFill(this.capture.packetRing, 1),
        received: ringFill(this.playback.records, 1),
        headphones: streamFill(this.streams.output),
      },
      captureBusyUs: capture.busyUs.load(0),
      playbackBusyUs: playback.busyUs.load(0),
      outputTargetMs: playback.ringTargetUs.load(0) / 1_000,
      outputHeldMs: playback.ringHeldUs.load(0) / 1_000,
      packetsUnknown: playback.packetsUnknown.load(0),
      packetsDropped: playback.packetsDropped.load(0),
      speakersUnlisted: playback.speakersUnlisted.load(0),
    };
  }

  /** What was captured last is sent before it resolves. */
  async close(): Promise<void> {
    await Promise.all([this.input.close(), this.output.close()]);
    this.plugins.attach(null);
    await this.plugins.settled();
    await this.capture.close();
    await this.pump.finished;
    await this.playback.close();
    await this.device.close();
  }
}
