import { describe, expect, test } from 'vitest';
import { DelayHistogram } from './delayHistogram.js';

function histogramOf(...delaysUs: number[]): DelayHistogram {
  const histogram = new DelayHistogram();
  for (const delayUs of delaysUs) histogram.add(delayUs);
  return histogram;
}

describe('delay histogram', () => {
  test('gives the delay that a share does not exceed, to 10 µs', () => {
    const histogram = new DelayHistogram();
    for (let delayUs = 1; delayUs <= 10_000; delayUs++) histogram.add(delayUs);
    expect(histogram.count).toBe(10_000);
    expect(histogram.quantileUs(0.5)).toBeCloseTo(5_000, -2);
    expect(histogram.quantileUs(0.99)).toBeCloseTo(9_900, -2);
    expect(histogram.quantileUs(1)).toBe(10_000);
  });

  test('never tells more than the largest delay', () => {
    expect(histogramOf(3, 4).quantileUs(0.99)).toBe(4);
  });

  test('keeps the largest beyond its last bucket', () => {
    const histogram = histogramOf(5, 7_000_000);
    expect(histogram.quantileUs(0.5)).toBe(10);
    expect(histogram.quantileUs(0.99)).toBe(7_000_000);
    expect(histogram.maxUs).toBe(7_000_000);
  });

  test('counts a delay below 0 as none', () => {
    expect(histogramOf(-3).quantileUs(0.5)).toBe(0);
  });

  test('is empty before the first delay and after it is cleared', () => {
    const histogram = histogramOf(20);
    histogram.clear();
    expect([histogram.count, histogram.maxUs, histogram.quantileUs(0.99)]).toEqual([0, 0, 0]);
  });
});
