import { openEngine, type Engine } from '@rookery/client/engine/engine';
import { parseServerAddress } from '@rookery/client/engine/serverAddress';
import { CapturedFrameReader } from '@rookery/client/engine/audio/capture/capturedFrame';
import {
  startCaptureThread,
  usualCapture,
  type CaptureThread,
} from '@rookery/client/engine/audio/capture/captureThread';
import type { DeviceStream } from '@rookery/client/engine/audio/device/audioDevice';
import { monotonicMs } from '@rookery/client/engine/audio/monotonicClock';
import { readSpeakers, speakerTable } from '@rookery/client/engine/audio/playback/playbackTables';
import {
  startPlaybackThread,
  type PlaybackThread,
} from '@rookery/client/engine/audio/playback/playbackThread';
import { createSampleRing } from '@rookery/client/engine/audio/spscSampleRing';
import { rootRoomId } from '@rookery/schemas/protocol';
import { join } from 'node:path';
import type { SentFrame } from './earStages.js';

const [timeoutMs, reconnectMs] = [10_000, 0];
/** Nobody plays anything to the one who speaks. */
const farEndSamples = 16_384;

type Frame = { -readonly [Field in keyof SentFrame]: SentFrame[Field] };

/**
 * Two engines on one server: what is captured by one is played by the other, by the threads that do
 * so in every client. Notes when each frame was sent and when it came.
 */
export class VoiceWay {
  readonly frames: SentFrame[] = [];
  readonly #engines: readonly Engine[];
  readonly #capture: CaptureThread;
  readonly #playback: PlaybackThread;
  readonly #byTimestamp = new Map<number, Frame>();
  #token: number | null = null;

  private constructor(
    engines: readonly Engine[],
    capture: CaptureThread,
    playback: PlaybackThread,
  ) {
    this.#engines = engines;
    this.#capture = capture;
    this.#playback = playback;
  }

  /** @throws ClientError */
  static async open(options: {
    readonly address: string;
    readonly folder: string;
    readonly isProcessingOn: boolean;
  }): Promise<VoiceWay> {
    const { address, folder, isProcessingOn: isOn } = options;
    const engines = ['speaker', 'listener'].map((name) =>
      openEngine({
        profileFolder: join(folder, name),
        clientName: 'bench',
        timeoutMs,
        reconnectMs,
      }),
    );
    const settings = {
      ...usualCapture,
      mode: 'continuous',
      isHighPassOn: isOn,
      isEchoCancellerOn: isOn,
      isNoiseSuppressorOn: isOn,
      isGainControlOn: isOn,
    } as const;
    const farEnd = createSampleRing(farEndSamples);
    const capture = await startCaptureThread({ farEnd, settings });
    const way = new VoiceWay(engines, capture, await startPlaybackThread());
    for (const [index, engine] of engines.entries()) {
      const displayName = index === 0 ? 'speaker' : 'listener';
      await engine.connect({ address: parseServerAddress(address), displayName });
      await engine.joinRoom(rootRoomId);
      await engine.openVoice((token, counter, timestamp, endOfSpurt, payload, audience) => {
        if (index === 1) way.#arrive(token, timestamp);
        if (index === 1) {
          way.#playback.push(token, counter, timestamp, endOfSpurt, payload, audience);
        }
      });
    }
    void way.#pump();
    return way;
  }

  /** From now on it is spoken into one stream and played to the other. */
  attach(input: DeviceStream, output: DeviceStream): void {
    this.#playback.attach(output);
    this.#capture.attach(input);
  }

  /** By the listener's statistics: from a packet's coming to its sound, in milliseconds. */
  get reportedDelayMs(): number {
    const speakers = readSpeakers(speakerTable.attach(this.#playback.speakers));
    return speakers.get(this.#token ?? 0)?.delayMs ?? NaN;
  }

  async close(): Promise<void> {
    await this.#capture.close();
    await this.#playback.close();
    await Promise.all(this.#engines.map((engine) => engine.close()));
  }

  #arrive(token: number, timestamp: number): void {
    const frame = this.#byTimestamp.get(timestamp);
    if (frame) frame.arrivedMs = monotonicMs();
    if (this.#token !== null) return;
    this.#token = token;
    this.#playback.addSpeaker(token, 'speaker');
  }

  async #pump(): Promise<void> {
    const { packets } = this.#capture;
    const reader = new CapturedFrameReader(packets);
    while (!packets.header.closed) {
      const signal = packets.header.signal;
      while (reader.next(monotonicMs())) this.#send(reader);
      await packets.header.sleepAsync(signal);
    }
  }

  #send({
    payload,
    payloadBytes,
    timestamp,
    level,
    endOfSpurt,
    capturedAtMs,
  }: CapturedFrameReader) {
    const frame = { capturedMs: capturedAtMs, sentMs: monotonicMs(), arrivedMs: NaN };
    this.frames.push(frame);
    this.#byTimestamp.set(timestamp, frame);
    const bytes = payload.subarray(0, payloadBytes);
    this.#engines[0]!.sendFrame({ payload: bytes, timestamp, level, endOfSpurt });
  }
}
