/** One native part of the project and how to see that it works on this machine. */
export interface Proof {
  /** Short name of the part, for the table. */
  readonly part: string;
  /**
   * Exercises the real part.
   *
   * @throws Error where it does not do what it must; the message says what was seen.
   */
  readonly prove: () => Promise<Finding> | Finding;
}

/** What a proof found. */
export type Finding =
  | { readonly outcome: 'proved'; readonly what: string; readonly figure: string }
  | { readonly outcome: 'skipped'; readonly reason: string };

/** The line of one part in the table. */
export interface Report {
  readonly part: string;
  readonly result: 'proved' | 'skipped' | 'failed';
  /** What was proved, why it was skipped, or what went wrong. */
  readonly what: string;
  /** A measurement of this run, for orientation; empty where there is none. */
  readonly figure: string;
}

/** Runs one proof; a failure becomes part of the report. */
export async function runProof({ part, prove }: Proof): Promise<Report> {
  try {
    const finding = await prove();
    return finding.outcome === 'proved'
      ? { part, result: 'proved', what: finding.what, figure: finding.figure }
      : { part, result: 'skipped', what: finding.reason, figure: '' };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { part, result: 'failed', what: what.replaceAll('\n', ' '), figure: '' };
  }
}

/** @throws Error naming the part's answer and the expected one where they differ */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (actual === expected) return;
  throw new Error(`${what}: expected ${String(expected)}, got ${String(actual)}`);
}

/** Lower-case hexadecimal digits of bytes. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Bytes from hexadecimal digits; spaces between them are ignored. */
export function fromHex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

/** Middle of the durations of several runs, in microseconds a call. */
export function medianMicroseconds(runs: number, task: () => void): number {
  const durations = Array.from({ length: runs }, () => {
    const began = performance.now();
    task();
    return (performance.now() - began) * 1_000;
  });
  return durations.sort((one, other) => one - other)[runs >> 1]!;
}
