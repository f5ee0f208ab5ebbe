import { describe, expect, test } from 'vitest';
import { parseTrace } from './arrivalTrace.js';
import { jitterTable, measureTrace, parseJitterOptions } from './jitterBench.js';
import type { PlayedPiece } from './playTrace.js';
import { syntheticTraces } from './syntheticTraces.js';
import { scoreTrace } from './traceScore.js';

const head = 'seq,send_ms,arrive_ms,media_ms\n';
const small = parseTrace('small', `${head}0,0,50,0\n1,20,lost,20\n2,40,95,40\n3,60,110,2000\n`);

const piece = (
  kind: PlayedPiece['kind'],
  seq: number,
  playMs: number,
  durationMs = 20,
): PlayedPiece => ({ kind, seq, playMs, durationMs });

describe('the score', () => {
  test('counts made-up sound, and silence within a spurt but not between two', () => {
    const score = scoreTrace(small, [
      [
        piece('silence', -1, 0, 60),
        piece('frame', 0, 60, 30),
        piece('concealed', -1, 90),
        piece('silence', -1, 110, 10),
        piece('frame', 2, 120, 10),
        piece('silence', -1, 130, 100),
        piece('frame', 3, 230),
      ],
    ]);
    expect(score).toMatchObject({
      added_mean: 53.33,
      added_p95: 120,
      concealed_pct: 37.5,
      concealed_events: 1,
      longest_ms: 30,
      missing_pct: 25,
      lost_pct: 25,
      late_pct: 0,
      slowed_pct: 12.5,
      hastened_pct: 12.5,
      max_depth_packets: 2,
    });
  });

  test('takes what FEC brought back for played, once the next packet is here', () => {
    const playing = [piece('frame', 0, 60), piece('fec', 1, 100), piece('frame', 2, 120)];
    expect(scoreTrace(small, [playing])).toMatchObject({ fec_pct: 25, missing_pct: 25 });
    expect(() => scoreTrace(small, [[piece('fec', 1, 80)]])).toThrow('frame 1 played at 80 ms');
  });

  test('refuses a frame that was played twice', () => {
    expect(() => scoreTrace(small, [[piece('frame', 0, 60), piece('frame', 0, 80)]])).toThrow();
  });
});

test('says which line is no packet', () => {
  expect(() => parseTrace('bad', `${head}0,0,50,0\n2,20,70,20\n`)).toThrow('bad, line 3');
  expect(() => parseTrace('lost', `${head}0,0,lost,0\n`)).toThrow('no packet that arrived');
});

test('reads its options', () => {
  expect(parseJitterOptions(['--traces', 'x', '--step', '20', '--fec', 'none', '--json'])).toEqual({
    options: { callbackMs: 20, fec: 'none' },
    folder: 'x',
    asJson: true,
  });
  expect(() => parseJitterOptions(['--step', '15'])).toThrow('--step 15');
  expect(() => parseJitterOptions(['--fec', 'some'])).toThrow('--fec some');
});

test('plays generated traces, the same each time, and names what NetEQ reached', () => {
  const [traces, again] = [syntheticTraces(7), syntheticTraces(7)];
  expect(again).toEqual(traces);
  const loss = traces.find(({ name }) => name === 'loss10')!;
  const row = measureTrace(loss, { callbackMs: 20, fec: 'all' });
  expect(row.lost_pct).toBeGreaterThan(8);
  expect(row.fec_pct).toBeGreaterThan(0.8 * row.lost_pct);
  expect(row.missing_pct).toBeCloseTo(row.lost_pct - row.fec_pct, 2);
  expect(jitterTable([row])).toMatch(/loss10 .* 2\.27\n$/);
});
