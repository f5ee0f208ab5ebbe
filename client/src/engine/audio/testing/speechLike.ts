import { sampleRate } from '@rookery/schemas/voicePacket';
import type { SeededRandom } from '@rookery/schemas/testing/seededRandom';

/** Frequencies in Hz of the first three formants of five vowels (Peterson and Barney, 1952). */
const vowels = [
  [730, 1_090, 2_440],
  [530, 1_840, 2_480],
  [270, 2_290, 3_010],
  [570, 840, 2_410],
  [300, 870, 2_240],
] as const;
const formantWidthHz = 120;
const harmonicsHzMax = 4_000;

/**
 * A signal that behaves like speech where a codec and a correlation look: syllables of gliding
 * pitch whose harmonics stand under the formants of a vowel, between them hisses and pauses.
 * The same for the same generator, on every machine.
 *
 * @returns mono samples at 48 kHz, within ±0.8
 */
export function speechLike(random: SeededRandom, seconds: number): Float32Array {
  const signal = new Float32Array(Math.round(seconds * sampleRate));
  let at = 0;
  while (at < signal.length) {
    at += writeSyllable(random, signal, at);
    if (random.chance(0.4)) at += writeHiss(random, signal, at);
    at += milliseconds(20 + random.below(random.chance(0.2) ? 300 : 80));
  }
  const peak = signal.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
  return signal.map((sample) => (0.8 * sample) / peak);
}

/** Adds one voiced sound at `start`. @returns its length in samples */
function writeSyllable(random: SeededRandom, signal: Float32Array, start: number): number {
  const length = milliseconds(120 + random.below(180));
  const pitchStart = 95 + random.below(60);
  const pitchEnd = pitchStart * (0.8 + random.below(40) / 100);
  const formants = vowels[random.below(vowels.length)]!;
  const loudness = 0.5 + random.below(50) / 100;
  const weights = harmonicWeights(pitchStart, formants);
  let phase = 0;
  for (let i = 0; i < length && start + i < signal.length; i++) {
    const progress = i / length;
    phase += (2 * Math.PI * (pitchStart + (pitchEnd - pitchStart) * progress)) / sampleRate;
    let sample = 0;
    for (let h = 0; h < weights.length; h++) sample += weights[h]! * Math.sin((h + 1) * phase);
    signal[start + i]! += sample * loudness * Math.sin(Math.PI * progress);
  }
  return length;
}

function harmonicWeights(pitch: number, formants: readonly number[]): number[] {
  const count = Math.floor(harmonicsHzMax / pitch);
  return Array.from({ length: count }, (_, index) => {
    const hz = (index + 1) * pitch;
    const resonances = formants.map((formant, order) => {
      const away = (hz - formant) / formantWidthHz;
      return 1 / ((order + 1) * (1 + away * away));
    });
    return resonances.reduce((sum, value) => sum + value, 0.3 / (index + 1));
  });
}

/** Adds one unvoiced sound at `start`. @returns its length in samples */
function writeHiss(random: SeededRandom, signal: Float32Array, start: number): number {
  const length = milliseconds(40 + random.below(60));
  for (let i = 0; i < length && start + i < signal.length; i++) {
    const noise = random.nextUint32() / 0x8000_0000 - 1;
    signal[start + i]! += 0.15 * noise * Math.sin((Math.PI * i) / length);
  }
  return length;
}

function milliseconds(ms: number): number {
  return Math.round((ms * sampleRate) / 1_000);
}
