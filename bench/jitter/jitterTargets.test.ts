import { expect, test } from 'vitest';
import type { JitterRow } from './jitterBench.js';
import { jitterVerdicts } from './jitterTargets.js';

const row: JitterRow = {
  trace: 'loss10',
  added_mean: 20,
  added_median: 20,
  added_p95: 30,
  added_max: 40,
  concealed_pct: 1,
  concealed_events: 1,
  longest_ms: 20,
  missing_pct: 1,
  lost_pct: 10,
  late_pct: 0,
  fec_pct: 8.5,
  fec_possible_pct: 10,
  slowed_pct: 0,
  hastened_pct: 0,
  max_depth_packets: 3,
  neteq: { added_mean: 26.3, added_p95: 29.9, concealed_pct: 2.27 },
  return_ms: null,
};

const judge = (changes: Partial<JitterRow>) => jitterVerdicts([{ ...row, ...changes }])[0];

test('asks for less delay than NetEQ, no more concealment, and what FEC can bring back', () => {
  expect(judge({})).toMatchObject({ load: 'loss10', isMet: true });
  const target = "below NetEQ's 26.3 ms at ≤ 2.27 %";
  expect(judge({ concealed_pct: 2.3 })?.target).toBe(target);
  expect(judge({ added_mean: 26.3 })?.isMet).toBe(false);
  expect(judge({ fec_pct: 8.4 })).toMatchObject({ target: 'FEC ≥ 85 % of what it can' });
  expect(judge({ neteq: null, added_mean: 28.1 })).toMatchObject({ target: '≤ 28 ms' });
});

test('asks for what is written down for some kinds of network', () => {
  const wifi = { trace: 'wifi60', neteq: null, concealed_pct: 0.1 };
  expect(judge({ ...wifi, added_mean: 66 })?.isMet).toBe(true);
  expect(judge({ ...wifi, added_mean: 66.1 })?.target).toBe('≤ 66 ms at ≤ 0.1 %');
});

test('asks to be back soon after a spike, with nothing lost', () => {
  const spike = { trace: 'spike200', neteq: null, added_p95: 45, missing_pct: 0, return_ms: 3_000 };
  expect(judge(spike)?.isMet).toBe(true);
  const late = judge({ ...spike, added_p95: 46, missing_pct: 0.1, return_ms: 3_001 });
  expect(late?.target).toBe('p95 ≤ 45 ms; no frame lost; back within 3 s');
});

test('asks nothing of a trace of which nothing is known', () => {
  expect(jitterVerdicts([{ ...row, trace: 'mine', neteq: null }])).toEqual([]);
});
