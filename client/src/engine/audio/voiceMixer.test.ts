import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { expect, test } from 'vitest';
import { stepSamples } from './audioLimits.js';
import { OpusLibrary } from './opusLibrary.js';
import { encodeSpeech } from './testing/encodeSpeech.js';
import { speechLike } from './testing/speechLike.js';
import {
  usualSound,
  VoiceMixer,
  type HeardEffects,
  type MixerSink,
  type SpeakerSound,
  type Talker,
} from './voiceMixer.js';

const seconds = 3;
const steps = seconds * 100;
/** From here on the jitter buffer has found its depth. */
const settledStep = 60;

const vowel = Float32Array.from({ length: seconds * 48_000 }, (_value, i) => {
  return 0.2 * Math.sin((2 * Math.PI * 200 * i) / 48_000);
});
const vowelPayloads = encodeSpeech(vowel);

const nowhere: MixerSink = { voice: () => undefined, quiet: () => undefined };

function push(
  mixer: VoiceMixer,
  step: number,
  token: number,
  counter: number,
  timestamp: number,
  isLast: boolean,
  payload: Uint8Array,
): boolean {
  const bytes = payload.length;
  return mixer.push(step, token, 0, counter, timestamp, isLast, false, payload, 0, bytes);
}

interface Heard {
  readonly left: Float32Array;
  readonly right: Float32Array;
  readonly mixer: VoiceMixer;
}

/**
 * Lets speakers say their payloads, all from the first step on.
 *
 * @param atStep is called before each step
 */
function hear(
  said: ReadonlyMap<number, readonly Uint8Array[]>,
  atStep: (mixer: VoiceMixer, step: number) => void,
  effects: HeardEffects | null = null,
): Heard {
  const mixer = new VoiceMixer(new OpusLibrary(), nowhere, effects);
  for (const token of said.keys()) mixer.addSpeaker(token, `Voice ${token}`);
  const left = new Float32Array(steps * stepSamples);
  const right = new Float32Array(steps * stepSamples);
  const out = new Float32Array(2 * stepSamples);
  for (let step = 0; step < steps; step++) {
    atStep(mixer, step);
    for (const [token, payloads] of said) {
      const payload = step % 2 === 0 ? payloads[step / 2] : undefined;
      if (payload === undefined) continue;
      const isLast = step / 2 === payloads.length - 1;
      const samplesAt = (step / 2) * 960;
      push(mixer, step, token, step / 2, samplesAt, isLast, payload);
    }
    mixer.mix(step, out);
    for (let i = 0; i < stepSamples; i++) {
      left[step * stepSamples + i] = out[2 * i]!;
      right[step * stepSamples + i] = out[2 * i + 1]!;
    }
  }
  return { left, right, mixer };
}

function rms(samples: Float32Array, fromStep: number, toStep: number): number {
  const part = samples.subarray(fromStep * stepSamples, toStep * stepSamples);
  return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
}

function steepest(samples: Float32Array, fromStep: number, toStep: number): number {
  let steep = 0;
  for (let i = fromStep * stepSamples + 1; i < toStep * stepSamples; i++) {
    steep = Math.max(steep, Math.abs(samples[i]! - samples[i - 1]!));
  }
  return steep;
}

const oneVowel = new Map([[1, vowelPayloads]]);

function withSound(sound: Partial<SpeakerSound>): Heard {
  return hear(oneVowel, (mixer, step) => {
    if (step === 0) mixer.setSound(1, { ...usualSound, ...sound });
  });
}

test('a voice in the middle is as loud as it was sent, on both sides', () => {
  const { left, right } = withSound({});
  const sent = rms(vowel, 0, steps);
  expect(rms(left, settledStep, steps - 20) / sent).toBeCloseTo(1, 1);
  expect(left).toEqual(right);
});

test.each([
  [0, 0],
  [0.5, 0.5],
  [2, 2],
])('a gain of %d makes it %d times as loud', (gain, times) => {
  const usual = rms(withSound({}).left, settledStep, steps - 20);
  expect(rms(withSound({ gain }).left, settledStep, steps - 20) / usual).toBeCloseTo(times, 1);
});

test('a voice stands where it is panned to, with the same power', () => {
  const middle = withSound({});
  const far = withSound({ pan: 1 });
  const [from, to] = [settledStep, steps - 20];
  expect(rms(far.left, from, to)).toBeLessThan(1e-3);
  const power = rms(middle.left, from, to) ** 2 + rms(middle.right, from, to) ** 2;
  expect(rms(far.right, from, to) ** 2 / power).toBeCloseTo(1, 1);
});

test('a change of loudness does not click', () => {
  const { left } = hear(oneVowel, (mixer, step) => {
    const gain = step % 20 < 10 ? 1 : 0.2;
    mixer.setSound(1, { ...usualSound, gain });
  });
  expect(steepest(left, settledStep, steps - 20)).toBeLessThan(1.3 * steepest(vowel, 0, steps));
});

test('others are quieter while somebody with priority is heard, and come back', () => {
  const random = new SeededRandom(5);
  const priority = encodeSpeech(speechLike(random, 1).subarray(0, 48_000));
  const said = new Map([
    [1, vowelPayloads],
    [2, priority],
  ]);
  const { left } = hear(said, (mixer, step) => {
    // To one side, so that the other has the vowel alone.
    if (step === 0) mixer.setSound(1, { ...usualSound, pan: -1 });
    if (step === 0) mixer.setSound(2, { gain: 1, pan: 1, hasPriority: true, isMuted: false });
  });
  const [ducked, after] = [rms(left, settledStep, 90), rms(left, 180, steps - 20)];
  expect(ducked / after).toBeCloseTo(0.25, 1);
});

test('fifty loud voices at once stay within full scale', () => {
  const said = new Map(Array.from({ length: 50 }, (_value, token) => [token, vowelPayloads]));
  const { left } = hear(said, () => undefined);
  expect(left.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeLessThanOrEqual(1);
  expect(rms(left, settledStep, steps - 20)).toBeGreaterThan(0.5);
});

test('who is deafened hears nothing, and at once all again, without a click', () => {
  const { left } = hear(oneVowel, (mixer, step) => {
    if (step === 120) mixer.setDeafened(true);
    if (step === 150) mixer.setDeafened(false);
  });
  expect(rms(left, 121, 150)).toBe(0);
  expect(rms(left, 151, 200) / rms(left, settledStep, 120)).toBeCloseTo(1, 1);
  expect(steepest(left, settledStep, steps - 20)).toBeLessThan(1.3 * steepest(vowel, 0, steps));
});

test('who is muted is not heard, quietens nobody, and is back at once', () => {
  const said = new Map([
    [1, vowelPayloads],
    [2, vowelPayloads],
  ]);
  const { left } = hear(said, (mixer, step) => {
    if (step === 0) mixer.setSound(1, { ...usualSound, pan: -1 });
    const isMuted = step >= 100 && step < 150;
    mixer.setSound(2, { gain: 1, pan: 1, hasPriority: true, isMuted });
  });
  // While he is heard the other one is quieter; the way back takes 300 ms.
  expect(rms(left, 135, 150) / rms(left, settledStep, 100)).toBeCloseTo(4, 0);
  expect(rms(left, 160, 200) / rms(left, settledStep, 100)).toBeCloseTo(1, 1);
});

test('tells who talks, how loud and to whom, and when he falls silent', () => {
  const quiet: Talker[] = [];
  const pcm: number[] = [];
  const sink: MixerSink = {
    voice: (_step, { token }) => pcm.push(token),
    quiet: (talker) => quiet.push({ ...talker }),
  };
  const mixer = new VoiceMixer(new OpusLibrary(), sink);
  mixer.addSpeaker(5, 'Ada');
  mixer.setSound(5, { ...usualSound, gain: 0.1 });
  const out = new Float32Array(2 * stepSamples);
  expect(mixer.sounding).toEqual([]);
  for (let step = 0; step < 100; step++) {
    const payload = vowelPayloads[step / 2];
    if (payload && step < 60) {
      const at = step * stepSamples;
      mixer.push(step, 5, 3, step / 2, at, step === 58, true, payload, 0, payload.length);
    }
    mixer.mix(step, out);
    if (step !== 50) continue;
    expect(mixer.sounding).toMatchObject([{ token: 5, displayName: 'Ada', row: 3 }]);
    expect(mixer.sounding).toMatchObject([{ isHeard: true, isWhispering: true }]);
    expect(10 * Math.log10(mixer.sounding[0]!.power)).toBeCloseTo(-17, 0);
  }
  expect(mixer.sounding).toEqual([]);
  expect(quiet).toMatchObject([{ token: 5, isHeard: false, isLeaving: false }]);
  expect(pcm.length).toBeGreaterThan(55);
  mixer.free();
});

test('who leaves is heard to the end of what has come, strangers not at all', () => {
  const { left, mixer } = hear(oneVowel, (at, step) => {
    if (step === 100) at.removeSpeaker(1);
  });
  expect(rms(left, settledStep, 99)).toBeGreaterThan(0.1);
  expect(rms(left, 180, steps)).toBe(0);
  const payload = vowelPayloads[0]!;
  expect(push(mixer, steps, 1, 0, 0, false, payload)).toBe(false);
  expect(mixer.counts(1)).toBeNull();
  mixer.free();
});

test('a voice is the same one through pauses', () => {
  const words = [...vowelPayloads.slice(0, 40), ...vowelPayloads.slice(0, 40)];
  const mixer = new VoiceMixer(new OpusLibrary(), nowhere);
  mixer.addSpeaker(1, 'Ada');
  const out = new Float32Array(2 * stepSamples);
  let heardLast = 0;
  for (let step = 0; step < 400; step++) {
    const frame = step < 80 ? step / 2 : step >= 250 ? (step - 170) / 2 : -1;
    const payload = Number.isInteger(frame) ? words[frame] : undefined;
    if (payload !== undefined) {
      const isLast = frame === 39 || frame === 79;
      push(mixer, step, 1, frame, step * stepSamples, isLast, payload);
    }
    const heard = mixer.mix(step, out);
    if (step > 120 && step < 250) expect(heard).toBe(0);
    if (heard > 0) heardLast = step;
  }
  expect(heardLast).toBeGreaterThan(320);
  expect(mixer.counts(1)).toMatchObject({ framesPlayed: 80, framesConcealed: 0 });
  mixer.free();
});

test('effects get the sound of each who is heard, in a slot of his own, and may change it', () => {
  const slots = new Set<string>();
  const mutesSecond: HeardEffects = {
    change: (talkers) => {
      const heard = talkers.filter(({ isHeard }) => isHeard);
      slots.add(JSON.stringify(heard.map(({ slot }) => slot).sort()));
      for (const { slot, pcm } of heard) if (slot === 1) pcm.fill(0);
    },
  };
  const said = new Map([...oneVowel, [2, vowelPayloads] as const]);
  const [from, to] = [settledStep, steps - 20];
  const both = hear(said, () => undefined);
  const one = hear(said, () => undefined, mutesSecond);
  expect(rms(both.left, from, to) / rms(one.left, from, to)).toBeCloseTo(2, 1);
  expect([...slots].sort()).toEqual(['[0,1]']);
});
