import { describe, expect, test } from 'vitest';
import { FramePacer } from './framePacer.js';

/** Steps through the time and says who was due when. */
function play(pacer: FramePacer, fromUs: number, toUs: number, stepUs: number): string[] {
  const taken: string[] = [];
  for (let nowUs = fromUs; nowUs < toUs; nowUs += stepUs) {
    for (let who = pacer.take(nowUs); who !== -1; who = pacer.take(nowUs)) {
      taken.push(`${nowUs}:${who}`);
    }
  }
  return taken;
}

describe('frame pacer', () => {
  test('takes each speaker at its phase, once a period', () => {
    const pacer = new FramePacer([0.5, 0, 0.25], 50, 1_000);
    expect(play(pacer, 0, 41_000, 1_000)).toEqual([
      ...['1000:1', '6000:2', '11000:0'],
      ...['21000:1', '26000:2', '31000:0'],
    ]);
  });

  test('makes up for a stall without losing a frame, and tells how late it was', () => {
    const pacer = new FramePacer([0, 0.5], 50, 0);
    expect(play(pacer, 100_000, 100_001, 1)).toHaveLength(11);
    expect(pacer.lagUsMax).toBe(100_000);
    pacer.clearLag();
    expect(pacer.lagUsMax).toBe(0);
  });

  test('keeps its rate over an hour', () => {
    const pacer = new FramePacer([0.3], 50, 0);
    const hourUs = 3_600_000_000;
    let frames = 0;
    while (pacer.nextDueUs < hourUs) {
      pacer.take(pacer.nextDueUs);
      frames++;
    }
    expect(frames).toBe(180_000);
  });

  test('has nothing due where nobody speaks', () => {
    const pacer = new FramePacer([], 50, 0);
    expect(pacer.nextDueUs).toBe(Infinity);
    expect(pacer.take(1e9)).toBe(-1);
  });

  test('says when the next frame is due', () => {
    const pacer = new FramePacer([0.25, 0.75], 50, 0);
    expect(pacer.nextDueUs).toBe(5_000);
    expect(pacer.take(4_999)).toBe(-1);
    expect(pacer.take(5_000)).toBe(0);
    expect(pacer.nextDueUs).toBe(15_000);
  });
});
