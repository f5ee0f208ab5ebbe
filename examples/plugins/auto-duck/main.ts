// Music is turned down while somebody speaks. What is music is heard: people pause to breathe, and
// what has not paused for eight seconds is music, until it does. It is called for each speaker of a
// step of 10 ms, with the speaker's slot, after `beginStep`.

const bufferSamples = 960;
const buffer = new StaticArray<f32>(bufferSamples);

const slots = 16;
/** Below this power nothing is heard: −50 dB of full scale. */
const silencePower: f32 = 1e-5;
/** In steps of 10 ms. */
const musicAfter = 800;
const pauseSteps = 25;
const holdSteps = 50;
/** −14 dB, reached within 80 ms and left within half a second. */
const duckedGain: f32 = 0.2;
const fallPerSample: f32 = 0.8 / 3_840;
const risePerSample: f32 = 0.8 / 24_000;

let step = 0;
/** When somebody who is no music was heard last. */
let spokeAt = -holdSteps - 1;
/** Of each slot: when it was loud last, since when it has not paused, and how loud it is made. */
const loudAt = new StaticArray<i32>(slots).fill(-pauseSteps - 1);
const loudSince = new StaticArray<i32>(slots);
const gains = new StaticArray<f32>(slots).fill(1);

export function soundBuffer(): usize {
  return changetype<usize>(buffer);
}

export function beginStep(_speakers: i32): void {
  step++;
}

export function processSpeaker(slot: i32, samples: i32): void {
  noteLoudness(slot, powerOf(samples));
  const isMusic = step - loudSince[slot] >= musicAfter && step - loudAt[slot] <= pauseSteps;
  if (!isMusic && loudAt[slot] == step) spokeAt = step;
  amplify(slot, samples, isMusic && step - spokeAt <= holdSteps ? duckedGain : 1);
}

function powerOf(samples: i32): f32 {
  let power: f32 = 0;
  for (let i = 0; i < samples; i++) power += buffer[i] * buffer[i];
  return power / <f32>samples;
}

function noteLoudness(slot: i32, power: f32): void {
  if (power < silencePower) return;
  if (step - loudAt[slot] > pauseSteps) loudSince[slot] = step;
  loudAt[slot] = step;
}

function amplify(slot: i32, samples: i32, wanted: f32): void {
  let gain = gains[slot];
  for (let i = 0; i < samples; i++) {
    if (gain > wanted) gain = max(gain - fallPerSample, wanted);
    else if (gain < wanted) gain = min(gain + risePerSample, wanted);
    buffer[i] = buffer[i] * gain;
  }
  gains[slot] = gain;
}
