import { stepSamples } from '@rookery/client/engine/audio/audioLimits';
import { EchoCanceller } from '@rookery/client/engine/audio/capture/echoCanceller';
import { GainControl } from '@rookery/client/engine/audio/capture/gainControl';
import { HighPass } from '@rookery/client/engine/audio/capture/highPass';
import { NoiseSuppressor } from '@rookery/client/engine/audio/capture/noiseSuppressor';
import { PeakLimiter } from '@rookery/client/engine/audio/capture/peakLimiter';
import { OpusEncoder, opusEncoderDefaults } from '@rookery/client/engine/audio/opusCodec';
import { opusPayloadBytesMax } from '@rookery/client/engine/audio/audioLimits';
import { OpusLibrary } from '@rookery/client/engine/audio/opusLibrary';
import { StreamResampler } from '@rookery/client/engine/audio/streamResampler';
import { settledAllocations } from '@rookery/client/engine/audio/testing/allocatedBytes';
import { frameSamples, sampleRate } from '@rookery/schemas/voicePacket';
import type { AllocationReport, WorkCost } from './audioMessages.js';
import { CaptureRig, deviceRate } from './captureRig.js';
import { measureCost } from './cpuCost.js';
import { SpeechLoop } from './speechLoop.js';

const stepsPerRepetition = 200;
const stepMs = 10;
const [nearSeed, farSeed] = [1, 2];
const speechSeconds = 7;

/** What each stage of capture costs by itself for 10 ms of sound, and all of them together. */
export function captureCosts(): WorkCost[] {
  const near = new SpeechLoop(nearSeed, speechSeconds);
  const far = new SpeechLoop(farSeed, speechSeconds);
  const step = new Float32Array(stepSamples);
  const stages = [resampling(), ...processing(far), encoding()];
  const costs = stages.map(({ name, run }) => {
    const fillAndRun = (): void => {
      near.fill(step);
      run(step);
    };
    return measureCost(name, fillAndRun, stepsPerRepetition, stepMs);
  });
  const rig = new CaptureRig(near, far);
  const all = measureCost('all of it', () => rig.step(), stepsPerRepetition, stepMs);
  rig.free();
  return [...costs, all];
}

/** What 10 ms of capture allocate, from the device's ring to that of packets. */
export function captureAllocations(): AllocationReport {
  const rig = new CaptureRig(
    new SpeechLoop(nearSeed, speechSeconds),
    new SpeechLoop(farSeed, speechSeconds),
  );
  const report = settledAllocations(() => rig.step(), { steps: 1_000 });
  rig.free();
  return report;
}

interface Stage {
  readonly name: string;
  /** @param step 10 ms of speech at 48 kHz, which it may overwrite */
  readonly run: (step: Float32Array) => void;
}

function resampling(): Stage {
  const frames = deviceRate / 100;
  const resampler = new StreamResampler(deviceRate, sampleRate, 1, frames);
  const out = new Float32Array(resampler.outputFramesMax);
  const name = 'resampler, 44.1 to 48 kHz';
  return { name, run: (step) => void resampler.process(step, frames, out) };
}

function processing(far: SpeechLoop): Stage[] {
  const highPass = new HighPass();
  const echoCanceller = new EchoCanceller();
  const noiseSuppressor = new NoiseSuppressor();
  const gainControl = new GainControl();
  const limiter = new PeakLimiter();
  const [played, cleaned] = [new Float32Array(stepSamples), new Float32Array(stepSamples)];
  const cancelEcho = (step: Float32Array): void => {
    far.fill(played);
    echoCanceller.hear(played);
    echoCanceller.process(step);
  };
  return [
    { name: 'high-pass', run: (step) => highPass.process(step) },
    { name: 'echo canceller (AEC3)', run: cancelEcho },
    { name: 'noise suppressor (RNNoise)', run: (step) => noiseSuppressor.process(step, cleaned) },
    { name: 'gain control', run: (step) => gainControl.process(step, 1) },
    { name: 'limiter', run: (step) => limiter.process(step) },
  ];
}

/** Each second step, a frame of two. */
function encoding(): Stage {
  const encoder = new OpusEncoder(new OpusLibrary(), opusEncoderDefaults);
  const frame = new Float32Array(frameSamples);
  const out = new Uint8Array(opusPayloadBytesMax);
  let at = 0;
  const run = (step: Float32Array): void => {
    frame.set(step, at);
    at = (at + stepSamples) % frameSamples;
    if (at === 0) encoder.encode(frame, out);
  };
  return { name: 'Opus, encode', run };
}
