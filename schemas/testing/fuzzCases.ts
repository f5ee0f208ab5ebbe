import { SeededRandom } from './seededRandom.js';

const casesUnlessSaid = 100_000;

/**
 * How many cases a fuzz test runs, and from which seed: `ROOKERY_FUZZ_CASES` (`casesUnlessSet`
 * where it is not set) and `ROOKERY_FUZZ_SEED` (1).
 *
 * @param casesUnlessSet fewer than 100,000 where a case takes long
 * @throws Error when one of them is no whole number, or zero cases are asked for
 */
export function fuzzCases(casesUnlessSet = casesUnlessSaid): { cases: number; seed: number } {
  return {
    cases: readInteger('ROOKERY_FUZZ_CASES', 1, casesUnlessSet),
    seed: readInteger('ROOKERY_FUZZ_SEED', 0, 1),
  };
}

/**
 * How many messages a fuzz test sends through real sessions: `ROOKERY_FUZZ_MESSAGES`.
 *
 * @throws Error when that is no whole number, or zero
 */
export function fuzzMessages(messagesUnlessSet: number): number {
  return readInteger('ROOKERY_FUZZ_MESSAGES', 1, messagesUnlessSet);
}

/**
 * How long a fuzz test may take before it counts as hanging, for vitest: a millisecond a case, a
 * hundred times what a decoder needs, and no less than a minute.
 */
export function fuzzTimeoutMs(): number {
  return Math.max(60_000, fuzzCases().cases);
}

/**
 * Runs `check` once for each case of `fuzzCases()`, each with a generator of its own, so that a
 * case does not depend on how much randomness those before it used.
 *
 * Most cases are refused with an error, and where it was thrown is most of what an error costs: it
 * is noted only of a case that fails, which for that runs once more.
 *
 * @param check given the case's generator and its index from 0; throws to fail
 * @param casesUnlessSet as for `fuzzCases`
 * @throws Error naming seed and case, with the failure as its cause
 */
export function forEachFuzzCase(
  check: (random: SeededRandom, index: number) => void,
  casesUnlessSet = casesUnlessSaid,
): void {
  const { cases, seed } = fuzzCases(casesUnlessSet);
  const run = (index: number): void =>
    check(new SeededRandom(Math.imul(seed, 0x01000193) + index), index);
  const { stackTraceLimit } = Error;
  let index = 0;
  try {
    Error.stackTraceLimit = 0;
    for (; index < cases; index++) run(index);
  } catch (failure) {
    Error.stackTraceLimit = stackTraceLimit;
    const cause = failureOf(() => run(index)) ?? failure;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`ROOKERY_FUZZ_SEED=${seed}, case ${index}: ${reason}`, { cause });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** @returns what it throws, or null */
function failureOf(run: () => void): unknown {
  try {
    run();
    return null;
  } catch (failure) {
    return failure;
  }
}

function readInteger(name: string, min: number, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < min) {
    throw new Error(`${name} is "${text}"; it must be a whole number, ${min} or more`);
  }
  return value;
}
