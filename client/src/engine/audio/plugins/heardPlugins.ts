import { stepSamples } from '../audioLimits.js';
import { noSlot, type HeardEffects, type HeardTalker } from '../voiceMixer.js';
import { SoundPluginLine } from './soundPluginLine.js';
import type { SoundPluginMemory } from './soundPluginTable.js';

/**
 * What plugins make of those who are heard, each in their own sound, before volume, place and mix.
 * All speakers of a step go to a plugin at once, so that it can heed one for another, and the way
 * there and back is gone once. One thread, which never awaits; `change` allocates nothing.
 */
export class HeardPlugins implements HeardEffects {
  #lines: readonly SoundPluginLine[] = [];

  /** From the next step on these and no others. */
  use(plugins: readonly SoundPluginMemory[]): void {
    this.#lines = plugins.map((memory) => new SoundPluginLine(memory));
  }

  change(talkers: readonly HeardTalker[]): void {
    for (let at = 0; at < this.#lines.length; at++) changeBy(this.#lines[at]!, talkers);
  }
}

function changeBy(line: SoundPluginLine, talkers: readonly HeardTalker[]): void {
  let parts = 0;
  for (let at = 0; at < talkers.length; at++) if (takesPart(talkers[at]!)) parts++;
  if (parts === 0 || !line.begin(stepSamples)) return;
  for (let at = 0; at < talkers.length; at++) {
    const talker = talkers[at]!;
    if (takesPart(talker)) line.add(talker.slot, talker.pcm, 0);
  }
  if (!line.exchange()) return;
  for (let at = 0; at < talkers.length; at++) {
    const talker = talkers[at]!;
    if (takesPart(talker)) line.take(talker.pcm, 0);
  }
}

function takesPart({ isHeard, slot }: HeardTalker): boolean {
  return isHeard && slot !== noSlot;
}
