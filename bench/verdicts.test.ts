import { describe, expect, test } from 'vitest';
import { atLeast, atMost, formatVerdicts } from './verdicts.js';

describe('verdicts', () => {
  test('hold a figure against a lower or an upper bound, the bound itself included', () => {
    expect([atLeast(0.9, 0.9), atLeast(0.89, 0.9)]).toEqual([true, false]);
    expect([atMost(2, 2), atMost(2.1, 2)]).toEqual([true, false]);
  });

  test('say nothing without a figure', () => {
    expect([atLeast(null, 1), atMost(null, 1), atLeast(NaN, 1)]).toEqual([null, null, null]);
  });

  test('are shown as a table, met or not', () => {
    const common = { load: 'one', target: '≥ 1' };
    expect(
      formatVerdicts([
        { ...common, figure: '1.20', isMet: true },
        { ...common, figure: '0.5', isMet: false },
        { ...common, figure: 'no compiler', isMet: null },
      ]).split('\n'),
    ).toEqual([
      '| load | target | figure      | verdict      |',
      '| ---- | ------ | ----------- | ------------ |',
      '| one  | ≥ 1    | 1.20        | met          |',
      '| one  | ≥ 1    | 0.5         | **missed**   |',
      '| one  | ≥ 1    | no compiler | not measured |',
    ]);
  });
});
