import { frameSamples } from '@rookery/schemas/voicePacket';
import { SpscSampleRing } from '../spscSampleRing.js';
import { soundPluginLimits } from './soundPluginLimits.js';
import { soundPluginTable, switchedOffBy, type SoundPluginMemory } from './soundPluginTable.js';

/**
 * A thread of sound's end of the way to a plugin: it hands sound over, waits for it up to a
 * deadline, and takes it back changed, or keeps what it had.
 *
 *     sound ──there: slot, samples──► plugin's thread       begin, add … , exchange, take …
 *       ▲                                   │
 *       └──────────back: samples────────────┘
 *
 * A plugin that is not in time is not waited for again until it has done what it was asked: sound
 * goes on without it at once. Too many faults switch it off for good. For threads that never await;
 * allocates nothing after construction.
 */
export class SoundPluginLine {
  readonly #there: SpscSampleRing;
  readonly #back: SpscSampleRing;
  readonly #columns;
  readonly #deadlineMs: number;
  /** A slot's number, and the samples of a part. */
  readonly #part = new Float32Array(1 + frameSamples);
  #asked: number;
  #traps: number;
  #parts = 0;
  #samples = 0;
  #faults = 0;

  constructor(memory: SoundPluginMemory) {
    this.#there = new SpscSampleRing(memory.there);
    this.#back = new SpscSampleRing(memory.back);
    this.#columns = soundPluginTable.attach(memory.table).columns;
    this.#deadlineMs = memory.deadlineMs;
    this.#asked = this.#columns.asked.load(0);
    this.#traps = this.#columns.traps.load(0);
  }

  /**
   * Begins an exchange.
   *
   * @param samples of each part, 960 at most
   * @returns false where the plugin is not to be asked: what there is stays as it is
   */
  begin(samples: number): boolean {
    if (this.#columns.switchedOff.load(0) !== 0) return false;
    if (this.#columns.done.load(0) !== this.#asked) {
      this.#countFault('late');
      return false;
    }
    // What came too late.
    this.#back.discard(this.#back.header.used);
    this.#parts = 0;
    this.#samples = samples;
    return true;
  }

  /** Whose part it is, and where its samples lie in `pcm`. Not more than a ring holds. */
  add(slot: number, pcm: Float32Array, at: number): void {
    const part = this.#part;
    part[0] = slot;
    for (let i = 0; i < this.#samples; i++) part[1 + i] = pcm[at + i]!;
    this.#there.push(part, 1 + this.#samples);
    this.#parts++;
  }

  /** Waits for what was added. @returns whether it is to be taken, part by part, as added */
  exchange(): boolean {
    const columns = this.#columns;
    const { header } = this.#back;
    const { signal } = header;
    columns.parts.store(0, this.#parts);
    columns.samples.store(0, this.#samples);
    this.#asked = (this.#asked + 1) >>> 0;
    columns.asked.store(0, this.#asked);
    this.#there.header.wake();
    // Nothing else wakes it: one wake comes for each exchange, and this is the only one under way.
    if (columns.done.load(0) !== this.#asked) header.sleep(signal, this.#deadlineMs);
    if (columns.done.load(0) !== this.#asked) {
      this.#countFault('late');
      return false;
    }
    const traps = columns.traps.load(0);
    if (traps !== this.#traps) {
      this.#traps = traps;
      this.#countFault('trapped');
      return false;
    }
    if (this.#faults > 0) this.#faults--;
    return true;
  }

  /** Puts the next part where it belongs. No number leaves −1…1, whatever the plugin wrote. */
  take(pcm: Float32Array, at: number): void {
    const part = this.#part;
    this.#back.pop(part, this.#samples);
    for (let i = 0; i < this.#samples; i++) pcm[at + i] = inRange(part[i]!);
  }

  #countFault(kind: keyof typeof switchedOffBy): void {
    this.#columns[kind].add(0, 1);
    this.#faults += soundPluginLimits.faultWeight;
    const most = soundPluginLimits.faultsMax * soundPluginLimits.faultWeight;
    if (this.#faults >= most) this.#columns.switchedOff.store(0, switchedOffBy[kind]);
  }
}

/** A broken number would stay in whatever comes after it. */
function inRange(sample: number): number {
  if (sample >= -1) return sample <= 1 ? sample : 1;
  return sample < -1 ? -1 : 0;
}
