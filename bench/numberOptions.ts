import { parseArgs } from 'node:util';
import { BenchError } from './benchError.js';

/** An option of a bench that is a whole number. */
export interface NumberOption {
  readonly summary: string;
  readonly min: number;
  readonly max: number;
  /** null: whoever is measured decides. */
  readonly default: number | null;
}

/** A number for each option; null only where an option has no default. */
export type NumbersOf<Options extends Readonly<Record<string, NumberOption>>> = {
  [Name in keyof Options]: Options[Name]['default'] extends null ? number | null : number;
};

/**
 * Reads `--name NUMBER` and `--flag`, and nothing else. Pure.
 *
 * @throws BenchError `usage`, saying what is allowed
 */
export function parseNumberOptions<
  const Options extends Readonly<Record<string, NumberOption>>,
  const Flag extends string,
>(
  argv: readonly string[],
  options: Options,
  flags: readonly Flag[],
): { readonly numbers: NumbersOf<Options>; readonly flags: Readonly<Record<Flag, boolean>> } {
  const values = parseValues(argv, Object.keys(options), flags);
  const numbers = Object.entries(options).map(([name, option]) => [
    name,
    numberOf(name, option, values[name]),
  ]);
  return {
    numbers: Object.fromEntries(numbers) as NumbersOf<Options>,
    flags: Object.fromEntries(flags.map((flag) => [flag, values[flag] === true])) as Record<
      Flag,
      boolean
    >,
  };
}

/** One line for each option. */
export function numberUsage(options: Readonly<Record<string, NumberOption>>): string[] {
  return Object.entries(options).map(([name, { summary, min, max, default: given }]) => {
    const usual = given === null ? "the server's own" : String(given);
    return `    --${name.padEnd(10)} ${summary} (${min} to ${max}; ${usual} otherwise)`;
  });
}

function parseValues(
  argv: readonly string[],
  names: readonly string[],
  flags: readonly string[],
): Record<string, unknown> {
  const options = Object.fromEntries<{ type: 'string' | 'boolean' }>([
    ...names.map((name) => [name, { type: 'string' }] as const),
    ...flags.map((flag) => [flag, { type: 'boolean' }] as const),
  ]);
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BenchError('usage', reason, { cause });
  }
}

function numberOf(name: string, { min, max, default: usual }: NumberOption, text: unknown) {
  if (typeof text !== 'string') return usual;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  const message = `--${name} ${text} is not a whole number from ${min} to ${max}.`;
  throw new BenchError('usage', message);
}
