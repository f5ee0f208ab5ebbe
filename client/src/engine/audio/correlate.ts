import { sampleRate } from '@rookery/schemas/voicePacket';

/**
 * Speech is compared in the band of telephony (ITU-T G.712). Below, Opus removes rumble and turns
 * phases; above, it is free to put noise of the same loudness in place of the waveform, which
 * sounds alike and correlates with nothing.
 */
const bandLowHz = 300;
const bandHighHz = 3_400;
/** Quality factors of the two sections of a fourth-order Butterworth filter. */
const butterworthQs = [0.5412, 1.3066] as const;

/** The coarse search runs on every 12th sample, at 4 kHz: well above what is left to find. */
const decimation = 12;
const coarseHighHz = 1_000;
/** Length of the part of the source that the coarse search looks for: its loudest. */
const excerptSamples = 3 * sampleRate;

export interface Alignment {
  /** Where the source starts in the recording, in samples; negative where it starts before it. */
  readonly lagSamples: number;
  /** Normalised cross-correlation there, −1…1, over the whole length of the source. */
  readonly correlation: number;
}

/**
 * Finds a source signal in a recording and says how alike they are. Both are first limited to the
 * band of speech. What the recording does not hold of the source counts as silence, so a missing
 * part lowers the correlation. Pure; takes about a second for minutes of sound.
 *
 * @param source mono samples at 48 kHz
 * @param recording mono samples at 48 kHz
 * @param options `lagSamplesMax`: the source is searched from −lagSamplesMax to lagSamplesMax
 * @returns correlation 0 and lag 0 where either is silent or empty
 */
export function align(
  source: Float32Array,
  recording: Float32Array,
  options: { lagSamplesMax: number },
): Alignment {
  const wanted = limitBand(source, bandLowHz, bandHighHz);
  const heard = limitBand(recording, bandLowHz, bandHighHz);
  const coarseLag = findCoarseLag(wanted, heard, options.lagSamplesMax);
  const wantedPower = powerOf(wanted);
  let best: Alignment = { lagSamples: 0, correlation: 0 };
  for (let lag = coarseLag - decimation; lag <= coarseLag + decimation; lag++) {
    const correlation = correlateAt(wanted, wantedPower, heard, lag);
    if (correlation > best.correlation) best = { lagSamples: lag, correlation };
  }
  return best;
}

/** Looks for the loudest part of `source`. @returns its lag to within a few samples */
function findCoarseLag(source: Float32Array, recording: Float32Array, lagMax: number): number {
  const coarseSource = decimate(limitBand(source, bandLowHz, coarseHighHz));
  const coarseRecording = decimate(limitBand(recording, bandLowHz, coarseHighHz));
  const start = loudestStart(coarseSource, Math.ceil(excerptSamples / decimation));
  const excerpt = coarseSource.subarray(start, start + Math.ceil(excerptSamples / decimation));
  const excerptPower = powerOf(excerpt);
  const coarseLagMax = Math.ceil(lagMax / decimation);
  let bestLag = 0;
  let bestCorrelation = 0;
  for (let lag = -coarseLagMax; lag <= coarseLagMax; lag++) {
    const correlation = correlateAt(excerpt, excerptPower, coarseRecording, start + lag);
    if (correlation > bestCorrelation) {
      bestCorrelation = correlation;
      bestLag = lag;
    }
  }
  return bestLag * decimation;
}

/** Normalised cross-correlation of all of `source` with `recording` from `lag` on. */
function correlateAt(
  source: Float32Array,
  sourcePower: number,
  recording: Float32Array,
  lag: number,
): number {
  const from = Math.max(0, -lag);
  const to = Math.min(source.length, recording.length - lag);
  let product = 0;
  let recordingPower = 0;
  for (let i = from; i < to; i++) {
    const heard = recording[i + lag]!;
    product += source[i]! * heard;
    recordingPower += heard * heard;
  }
  const scale = Math.sqrt(sourcePower * recordingPower);
  return scale > 0 ? product / scale : 0;
}

function powerOf(signal: Float32Array): number {
  return signal.reduce((power, sample) => power + sample * sample, 0);
}

/** @returns where the `length` samples of most power start */
function loudestStart(signal: Float32Array, length: number): number {
  let power = 0;
  let loudest = 0;
  let loudestAt = 0;
  for (let i = 0; i < signal.length; i++) {
    power += signal[i]! * signal[i]!;
    if (i >= length) power -= signal[i - length]! * signal[i - length]!;
    if (i >= length - 1 && power > loudest) {
      loudest = power;
      loudestAt = i - length + 1;
    }
  }
  return loudestAt;
}

function decimate(signal: Float32Array): Float32Array {
  const kept = new Float32Array(Math.ceil(signal.length / decimation));
  for (let i = 0; i < kept.length; i++) kept[i] = signal[i * decimation]!;
  return kept;
}

/**
 * Band-pass of fourth order on either side. It delays the two signals that are compared alike, so
 * its phase does not matter.
 */
function limitBand(signal: Float32Array, lowHz: number, highHz: number): Float32Array {
  const limited = signal.slice();
  for (const q of butterworthQs) {
    filterInPlace(limited, secondOrderSection('highPass', lowHz, q));
    filterInPlace(limited, secondOrderSection('lowPass', highHz, q));
  }
  return limited;
}

interface Section {
  readonly b0: number;
  readonly b1: number;
  readonly a1: number;
  readonly a2: number;
}

/** Coefficients by the Audio EQ Cookbook (Bristow-Johnson), normalised; b2 equals b0. */
function secondOrderSection(shape: 'lowPass' | 'highPass', cutoffHz: number, q: number): Section {
  const omega = (2 * Math.PI * cutoffHz) / sampleRate;
  const alpha = Math.sin(omega) / (2 * q);
  const a0 = 1 + alpha;
  const b1 = shape === 'lowPass' ? 1 - Math.cos(omega) : -1 - Math.cos(omega);
  return {
    b0: Math.abs(b1) / 2 / a0,
    b1: b1 / a0,
    a1: (-2 * Math.cos(omega)) / a0,
    a2: (1 - alpha) / a0,
  };
}

function filterInPlace(signal: Float32Array, { b0, b1, a1, a2 }: Section): void {
  let x1 = 0;
  let x2 = 0;
  let y1 = 0;
  let y2 = 0;
  for (let i = 0; i < signal.length; i++) {
    const x = signal[i]!;
    const y = b0 * (x + x2) + b1 * x1 - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    signal[i] = y;
  }
}
