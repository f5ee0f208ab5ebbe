import { sampleRate } from '@rookery/schemas/voicePacket';
import { align } from '../correlate.js';

/** Where and how well a part of a source is heard in a recording. */
export interface HeardPart {
  /** As `align` has it, of this part alone. */
  readonly correlation: number;
  /** How much later than in the source, in samples. */
  readonly lagSamples: number;
  /** How much louder than in the source. */
  readonly gain: number;
}

/** About a syllable or two: playing live makes what is between words longer and shorter. */
const partSamples = 0.25 * sampleRate;
/** By so much more or less than the whole a part may lag. */
const slackSamples = 0.5 * sampleRate;

/**
 * Looks for each loud part of a source in a recording: played live, the whole is as long as the
 * source only where no packet was late. Pure.
 *
 * @param source mono samples at 48 kHz
 * @param recording mono samples at 48 kHz, in which the source may be anywhere
 * @returns the parts in their order
 */
export function alikeInParts(source: Float32Array, recording: Float32Array): HeardPart[] {
  const { lagSamples } = align(source, recording, { lagSamplesMax: recording.length });
  const loud = rms(source);
  const parts: HeardPart[] = [];
  for (let at = 0; at + partSamples <= source.length; at += partSamples) {
    const part = source.subarray(at, at + partSamples);
    if (rms(part) < loud) continue;
    const from = Math.max(0, at + lagSamples - slackSamples);
    const near = recording.subarray(from, at + lagSamples + partSamples + slackSamples);
    const found = align(part, near, { lagSamplesMax: near.length });
    const heard = near.subarray(Math.max(0, found.lagSamples), found.lagSamples + partSamples);
    parts.push({
      correlation: found.correlation,
      lagSamples: from + found.lagSamples - at,
      gain: rms(heard) / rms(part),
    });
  }
  return parts;
}

/** The middle one of some numbers, or NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length);
}
