import { monotonicMs } from '@rookery/client/engine/audio/monotonicClock';
import { SpscSampleRing } from '@rookery/client/engine/audio/spscSampleRing';
import type { DeviceStream } from '@rookery/client/engine/audio/device/audioDevice';

/** Kept ready, so that a busy machine tears no hole: it counts from where it is taken. */
const readyMs = 100;
const lookEveryMs = 20;
/** A held vowel that begins at once: what takes away noise takes away a mere click. */
const [clickMs, hz, level] = [150, 200, 0.5];
/** Different distances, so that no click keeps the phase of the one before. */
const [distanceMs, distanceStepMs, distances] = [900, 7, 11];
const framesPerMs = 48;

/** Plays clicks to a device until it is stopped. */
export class ClickPlayer {
  /** Clicks given to the device so far. */
  clicks = 0;
  readonly #ring: SpscSampleRing;
  readonly #channels: number;
  readonly #buffer: Float32Array;
  readonly #timer: NodeJS.Timeout;
  /** Samples since the last click began. */
  #sinceClick = clickMs * framesPerMs;

  constructor(stream: DeviceStream) {
    this.#ring = new SpscSampleRing(stream.ring);
    this.#channels = stream.channels;
    this.#buffer = new Float32Array(stream.channels * stream.bufferFrames);
    this.#timer = setInterval(() => this.#fill(), lookEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #fill(): void {
    const ready = readyMs * framesPerMs * this.#channels;
    while (this.#ring.header.used < ready) {
      for (let i = 0; i < this.#buffer.length; i += this.#channels) {
        this.#buffer.fill(this.#next(), i, i + this.#channels);
      }
      if (!this.#ring.push(this.#buffer)) return;
    }
  }

  #next(): number {
    const restMs = distanceMs + (this.clicks % distances) * distanceStepMs;
    if (++this.#sinceClick >= restMs * framesPerMs) {
      this.#sinceClick = 0;
      this.clicks++;
    }
    if (this.#sinceClick >= clickMs * framesPerMs) return 0;
    const phase = (2 * Math.PI * hz * this.#sinceClick) / (1_000 * framesPerMs);
    return (
      (level * (Math.cos(phase) + 0.5 * Math.cos(2 * phase) + 0.25 * Math.cos(5 * phase))) / 1.75
    );
  }
}

/** Waits until something is so, but not for ever. @returns whether it came to be */
export async function untilSo(isSo: () => boolean, waitMsMax: number): Promise<boolean> {
  const endMs = monotonicMs() + waitMsMax;
  while (!isSo()) {
    if (monotonicMs() > endMs) return false;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return true;
}
