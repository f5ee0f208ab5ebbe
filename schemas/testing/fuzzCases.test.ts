import { afterEach, expect, test, vi } from 'vitest';
import { forEachFuzzCase, fuzzCases, fuzzTimeoutMs } from './fuzzCases.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('runs 100,000 cases from seed 1 unless told otherwise', () => {
  vi.stubEnv('ROOKERY_FUZZ_CASES', '');
  vi.stubEnv('ROOKERY_FUZZ_SEED', '');
  expect(fuzzCases()).toEqual({ cases: 100_000, seed: 1 });
  vi.stubEnv('ROOKERY_FUZZ_CASES', '7');
  vi.stubEnv('ROOKERY_FUZZ_SEED', '42');
  expect(fuzzCases()).toEqual({ cases: 7, seed: 42 });
});

test('runs fewer cases where one takes long, unless told otherwise', () => {
  vi.stubEnv('ROOKERY_FUZZ_CASES', '');
  let count = 0;
  forEachFuzzCase(() => count++, 20);
  expect(count).toBe(20);
  vi.stubEnv('ROOKERY_FUZZ_CASES', '30');
  forEachFuzzCase(() => count++, 20);
  expect(count).toBe(50);
});

test('refuses settings that are no count', () => {
  vi.stubEnv('ROOKERY_FUZZ_CASES', '0');
  expect(() => fuzzCases()).toThrow('ROOKERY_FUZZ_CASES is "0"');
  vi.stubEnv('ROOKERY_FUZZ_CASES', 'many');
  expect(() => fuzzCases()).toThrow('ROOKERY_FUZZ_CASES is "many"');
});

test('names seed and case of a failure', () => {
  vi.stubEnv('ROOKERY_FUZZ_CASES', '10');
  vi.stubEnv('ROOKERY_FUZZ_SEED', '5');
  const fail = (): void =>
    forEachFuzzCase((_random, index) => {
      if (index === 3) throw new Error('broken');
    });
  expect(fail).toThrow('ROOKERY_FUZZ_SEED=5, case 3: broken');
});

test('says of a failure where it was thrown, and of others no more than that they were', () => {
  vi.stubEnv('ROOKERY_FUZZ_CASES', '4');
  const refusals: Error[] = [];
  const fail = (): void =>
    forEachFuzzCase((_random, index) => {
      const error = new Error('broken');
      if (index === 3) throw error;
      refusals.push(error);
    });
  const { stackTraceLimit } = Error;
  const failure = failureOf(fail);
  expect(String((failure?.cause as Error).stack)).toContain('fuzzCases.test');
  expect(refusals.map(({ stack }) => stack)).toEqual(Array(3).fill('Error: broken'));
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});

test('names a failure that does not come again', () => {
  vi.stubEnv('ROOKERY_FUZZ_CASES', '4');
  vi.stubEnv('ROOKERY_FUZZ_SEED', '5');
  let isFirst = true;
  const fail = (): void =>
    forEachFuzzCase(() => {
      if (!isFirst) return;
      isFirst = false;
      throw new Error('only once');
    });
  expect(fail).toThrow('ROOKERY_FUZZ_SEED=5, case 0: only once');
});

test('gives a case the same generator however many cases run', () => {
  vi.stubEnv('ROOKERY_FUZZ_CASES', '3');
  const first: number[] = [];
  forEachFuzzCase((random) => first.push(random.nextUint32()));
  vi.stubEnv('ROOKERY_FUZZ_CASES', '5');
  const second: number[] = [];
  forEachFuzzCase((random) => second.push(random.nextUint32()));
  expect(second.slice(0, 3)).toEqual(first);
});

test('gives more cases more time', () => {
  vi.stubEnv('ROOKERY_FUZZ_CASES', '10');
  expect(fuzzTimeoutMs()).toBe(60_000);
  vi.stubEnv('ROOKERY_FUZZ_CASES', '5000000');
  expect(fuzzTimeoutMs()).toBe(5_000_000);
});

function failureOf(run: () => void): Error | null {
  try {
    run();
    return null;
  } catch (error) {
    return error as Error;
  }
}
