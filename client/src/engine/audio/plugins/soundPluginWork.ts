import { pluginLimits } from '@rookery/plugins/limits';
import type { SoundModule } from '@rookery/plugins/sound/soundModule';
import { SpscSampleRing } from '../spscSampleRing.js';
import { soundPluginTable, type SoundPluginMemory } from './soundPluginTable.js';

/** More presses of one key than are made between two frames. */
const edgesToldMax = 16;

/** The plugin's end of a `SoundPluginLine`. One thread; allocates nothing for what it is asked. */
export class SoundPluginWork {
  readonly #module: SoundModule;
  readonly #there: SpscSampleRing;
  readonly #back: SpscSampleRing;
  readonly #columns;
  readonly #slot = new Float32Array(1);
  /** Of each key: how many of its `keyEdges` the plugin was told of. */
  readonly #toldEdges = new Uint32Array(pluginLimits.keysMax);
  #done = 0;

  constructor(module: SoundModule, memory: SoundPluginMemory) {
    this.#module = module;
    this.#there = new SpscSampleRing(memory.there);
    this.#back = new SpscSampleRing(memory.back);
    this.#columns = soundPluginTable.attach(memory.table).columns;
  }

  /** What is slept on while nothing is asked. */
  get header(): SpscSampleRing['header'] {
    return this.#there.header;
  }

  /** Does what is asked. @returns false where that was done already */
  answer(): boolean {
    const asked = this.#columns.asked.load(0);
    if (asked === this.#done) return false;
    try {
      this.#process(this.#columns.parts.load(0), this.#columns.samples.load(0));
    } catch {
      // What it broke down with is its author's: sound goes on without it, and it is counted.
      this.#there.discard(this.#there.header.used);
      this.#columns.traps.add(0, 1);
    }
    this.#done = asked;
    this.#columns.done.store(0, asked);
    this.#back.header.wake();
    return true;
  }

  /** Of all that keys did since, lately at least: nobody plays the piano on them in silence. */
  #tellKeys(): void {
    const told = this.#toldEdges;
    for (let key = 0; key < told.length; key++) {
      const edges = this.#columns.keyEdges.load(0, key);
      if ((edges - told[key]!) >>> 0 > edgesToldMax) told[key] = edges - edgesToldMax;
      while (told[key]! !== edges) {
        told[key]! += 1;
        this.#module.key(key, told[key]! % 2 === 1);
      }
    }
  }

  #process(parts: number, samples: number): void {
    this.#tellKeys();
    this.#module.beginStep(parts);
    for (let part = 0; part < parts; part++) {
      this.#there.pop(this.#slot);
      this.#there.pop(this.#module.pcm, samples);
      this.#module.process(this.#slot[0]!, samples);
      this.#back.push(this.#module.pcm, samples);
    }
  }
}
