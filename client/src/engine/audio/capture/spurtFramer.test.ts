import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { describe, expect, test } from 'vitest';
import { stepSamples } from '../audioLimits.js';
import { SpurtFramer, type FrameSink } from './spurtFramer.js';

interface Frame {
  readonly timestamp: number;
  readonly endOfSpurt: boolean;
  readonly agoMs: number;
  /** For each of its steps what its first sample is. */
  readonly steps: number[];
  readonly pcm: Float32Array;
}

class Frames implements FrameSink {
  readonly taken: Frame[] = [];

  takeFrame(pcm: Float32Array, timestamp: number, endOfSpurt: boolean, agoMs: number): void {
    const steps = Array.from(
      { length: pcm.length / stepSamples },
      (_s, i) => pcm[i * stepSamples]!,
    );
    this.taken.push({ timestamp, endOfSpurt, agoMs, steps, pcm: pcm.slice() });
  }
}

/** Captures steps, each full of its own number from 1 on. */
class Stage {
  readonly frames = new Frames();
  readonly framer = new SpurtFramer(this.frames);
  number = 0;

  constructor(frameSamples: number) {
    this.framer.setFrameSamples(frameSamples);
  }

  /** @param gate "1" open, "0" closed, "m" muted */
  run(gate: string, preRollSteps = 0): Frame[] {
    for (const state of gate) {
      const step = new Float32Array(stepSamples).fill(++this.number);
      if (state === 'm') this.framer.stepMuted();
      else this.framer.step(step, state === '1', preRollSteps);
    }
    return this.frames.taken.splice(0);
  }
}

describe('a spurt', () => {
  test('begins with what was before it, each sample at its time', () => {
    const frames = new Stage(960).run(`${'0'.repeat(12)}1111`, 10);
    expect(frames.map(({ steps }) => steps)).toEqual([
      ...[
        [3, 4],
        [5, 6],
        [7, 8],
        [9, 10],
        [11, 12],
        [13, 14],
        [15, 16],
      ],
    ]);
    expect(frames.map(({ timestamp }) => timestamp / stepSamples)).toEqual([
      2, 4, 6, 8, 10, 12, 14,
    ]);
    expect(frames.map(({ agoMs }) => agoMs)).toEqual([90, 70, 50, 30, 10, 0, 0]);
  });

  test('leaves out the silence before a word, but for 20 ms of it', () => {
    const frames = new Frames();
    const framer = new SpurtFramer(frames);
    framer.setFrameSamples(480);
    const levels = [1e-5, 1e-5, 1e-5, 1e-5, 1e-5, 0.1, 1e-5, 1e-5, 0.2];
    levels.forEach((level, i) => {
      framer.step(new Float32Array(stepSamples).fill(level), i === levels.length - 1, 10);
    });
    expect(frames.taken.map(({ timestamp }) => timestamp / stepSamples)).toEqual([
      3, 4, 5, 6, 7, 8,
    ]);
  });

  test('takes of what was before no more than there is, and nothing that was sent', () => {
    const stage = new Stage(480);
    expect(stage.run('001', 10).map(({ steps }) => steps[0])).toEqual([1, 2, 3]);
    const second = stage.run('00001', 10);
    // The fourth step fades out; the spurt after it begins where that ends.
    expect(second.map(({ steps }) => Math.round(steps[0]!))).toEqual([4, 5, 6, 7, 8]);
    expect(second.map(({ endOfSpurt }) => endOfSpurt)).toEqual([true, false, false, false, false]);
  });

  test('fades out and is filled up to the end of a frame', () => {
    const frames = new Stage(1_920).run('1100000');
    expect(frames).toHaveLength(1);
    const { pcm, steps, endOfSpurt } = frames[0]!;
    expect(endOfSpurt).toBe(true);
    expect(steps[1]).toBe(2);
    expect([pcm[960]! > 2.9, pcm[1_439], pcm[1_440], pcm.at(-1)]).toEqual([true, 0, 0, 0]);
  });

  test('goes on where the gate opens again before its last frame is full', () => {
    const frames = new Stage(1_920).run('11011111');
    expect(frames.map(({ endOfSpurt }) => endOfSpurt)).toEqual([false, false]);
  });

  test('ends with one more frame where the last one was full', () => {
    const frames = new Stage(960).run('1100');
    expect(frames.map(({ endOfSpurt }) => endOfSpurt)).toEqual([false, true]);
  });

  test('ends at once where nothing is captured any more', () => {
    const stage = new Stage(2_880);
    stage.run('1');
    stage.framer.finish();
    expect(stage.frames.taken.map(({ steps, endOfSpurt }) => [steps, endOfSpurt])).toEqual([
      [[1, 0, 0, 0, 0, 0], true],
    ]);
    stage.framer.finish();
    expect(stage.frames.taken).toHaveLength(1);
  });
});

test('muted, nothing that is captured leaves, also not before a later spurt', () => {
  const stage = new Stage(960);
  const frames = [...stage.run('111'), ...stage.run('mmmm'), ...stage.run('011', 10)];
  expect(frames.flatMap(({ steps }) => steps)).toEqual([1, 2, 3, 0, 8, 9]);
  expect(frames[1]!.pcm.subarray(stepSamples).every((sample) => sample === 0)).toBe(true);
});

test('frames change their length between two of them', () => {
  const stage = new Stage(960);
  const before = stage.run('111');
  stage.framer.setFrameSamples(1_920);
  const after = stage.run('11111');
  expect([...before, ...after].map(({ steps }) => steps)).toEqual([
    ...[
      [1, 2],
      [3, 4],
      [5, 6, 7, 8],
    ],
  ]);
});

test('lost samples are a gap in the timestamps, not in a frame', () => {
  const stage = new Stage(960);
  const before = stage.run('111');
  stage.framer.skip(5 * stepSamples);
  const filled = stage.frames.taken.splice(0);
  const after = stage.run('11');
  expect([...before, ...filled, ...after].map(({ timestamp }) => timestamp / stepSamples)).toEqual([
    ...[0, 2, 8],
  ]);
  expect(filled[0]!.steps).toEqual([3, 0]);
});

test.each([1, 2, 3, 4])('holds for any gate, mute, loss and length of frames: seed %i', (seed) => {
  const random = new SeededRandom(seed);
  const stage = new Stage(960);
  /** By the time of its first sample: the number of a step, and its gate. */
  const captured = new Map<number, { readonly number: number; readonly state: string }>();
  const sentTimes = new Set<number>();
  let [time, state, coveredUntil, isOpen] = [0, '0', 0, false];
  const check = ({ timestamp, endOfSpurt, steps }: Frame): void => {
    expect(timestamp, 'no time is sent twice').toBeGreaterThanOrEqual(coveredUntil);
    steps.forEach((value, i) => {
      const at = timestamp + i * stepSamples;
      const step = captured.get(at);
      const faded = step && step.number * (1 - 1 / stepSamples);
      const isWhole = step !== undefined && value === step.number;
      const isFaded = faded !== undefined && Math.abs(value - faded) < 0.001;
      expect(value === 0 || isWhole || isFaded, `${value} at ${at}`).toBe(true);
      if (step?.state === 'm') expect(value).toBe(0);
      if (isWhole) sentTimes.add(at);
    });
    coveredUntil = timestamp + steps.length * stepSamples;
    isOpen = !endOfSpurt;
  };
  for (let i = 0; i < 4_000; i++) {
    if (random.chance(0.15)) state = ['0', '1', 'm'][random.below(3)]!;
    if (random.chance(0.02)) {
      stage.framer.setFrameSamples([480, 960, 1_920, 2_880][random.below(4)]!);
    }
    if (random.chance(0.01)) {
      const lost = stepSamples * (6 + random.below(50));
      stage.framer.skip(lost);
      time += lost;
    }
    captured.set(time, { number: stage.number + 1, state });
    time += stepSamples;
    stage.run(state, 10).forEach(check);
    expect(isOpen && !stage.framer.isOpen, `open without an end, step ${i}`).toBe(false);
  }
  stage.framer.finish();
  stage.frames.taken.forEach(check);
  expect(isOpen, 'every spurt has an end').toBe(false);
  for (const [at, step] of captured) {
    if (step.state === '1') expect(sentTimes.has(at), `open at ${at} and not sent`).toBe(true);
  }
});
