// Stands for the process that sees keys, where there is no keyboard: plays those that it is given.
import { serveKeys, KeySourceError } from '../keys/keysService.js';
import type { KeysProblem } from '../keys/keysState.js';

/** As JSON in `ROOKERY_TEST_KEYS`. */
export interface KeyScript {
  /** Cannot see keys at all. */
  readonly problem?: KeysProblem;
  /** What is typed whenever it was told which keys to watch. */
  readonly strokes?: readonly (readonly [code: string, isDown: boolean])[];
  /** Ends as a crash would, after that. */
  readonly dies?: boolean;
  /** Does nothing at all, ever. */
  readonly hangs?: boolean;
}

const script = JSON.parse(process.env['ROOKERY_TEST_KEYS'] ?? '{}') as KeyScript;

serveKeys({
  open(onKey) {
    const { problem, strokes = [], dies = false, hangs = false } = script;
    while (hangs) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    if (problem !== undefined) return Promise.reject(new KeySourceError(problem));
    process.on('message', () => {
      for (const [code, isDown] of strokes) onKey(code, isDown);
      if (dies) setImmediate(() => process.kill(process.pid, 'SIGKILL'));
    });
    return Promise.resolve();
  },
});
