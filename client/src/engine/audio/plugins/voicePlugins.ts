import { frameSamples } from '@rookery/schemas/voicePacket';
import type { FrameSink } from '../capture/spurtFramer.js';
import { SoundPluginLine } from './soundPluginLine.js';
import type { SoundPluginMemory } from './soundPluginTable.js';

/**
 * What plugins make of the own voice: the last before Opus, in the order in which they are listed.
 * A frame goes to each in parts of 20 ms, or whole where it is shorter. One thread, which never
 * awaits; `takeFrame` allocates nothing.
 */
export class VoicePlugins implements FrameSink {
  readonly #next: FrameSink;
  #lines: readonly SoundPluginLine[] = [];

  constructor(next: FrameSink) {
    this.#next = next;
  }

  /** From the next frame on these and no others. */
  use(plugins: readonly SoundPluginMemory[]): void {
    this.#lines = plugins.map((memory) => new SoundPluginLine(memory));
  }

  takeFrame(pcm: Float32Array, timestamp: number, endOfSpurt: boolean, agoMs: number): void {
    for (let at = 0; at < this.#lines.length; at++) change(pcm, this.#lines[at]!);
    this.#next.takeFrame(pcm, timestamp, endOfSpurt, agoMs);
  }
}

/** Frames are 10, 20, 40 or 60 ms: all of their parts are as long. */
function change(pcm: Float32Array, line: SoundPluginLine): void {
  const samples = Math.min(pcm.length, frameSamples);
  if (!line.begin(samples)) return;
  for (let at = 0; at < pcm.length; at += samples) line.add(0, pcm, at);
  if (!line.exchange()) return;
  for (let at = 0; at < pcm.length; at += samples) line.take(pcm, at);
}
