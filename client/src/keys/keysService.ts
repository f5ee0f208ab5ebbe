import type { KeysNews, KeysWatch } from './keysMessages.js';
import type { KeysProblem } from './keysState.js';

/** Where keys are seen, of all windows. */
export interface KeySource {
  /**
   * @param onKey called for each key and button, down and up
   * @throws KeySourceError
   */
  open(onKey: (code: string, isDown: boolean) => void): Promise<void>;
}

/** The keys cannot be seen. */
export class KeySourceError extends Error {
  override readonly name = 'KeySourceError';

  constructor(
    readonly code: KeysProblem,
    options?: ErrorOptions,
  ) {
    super(`keys cannot be seen: ${code}`, options);
  }
}

/**
 * Runs in the process that sees keys: tells its parent of the keys that it is to tell of. What else
 * is typed never leaves it. It ends with its parent.
 */
export function serveKeys(source: KeySource): void {
  const tell = (news: KeysNews): void => void process.send?.(news);
  let watched: ReadonlySet<string> = new Set();
  process.on('message', ({ codes }: KeysWatch) => {
    watched = new Set(codes);
  });
  process.on('disconnect', () => process.exit(0));
  const onKey = (code: string, isDown: boolean): void => {
    if (watched.has(code)) tell({ kind: 'key', code, isDown });
  };
  source.open(onKey).then(
    () => tell({ kind: 'ready' }),
    (error: unknown) => {
      const problem = error instanceof KeySourceError ? error.code : 'died';
      process.send?.({ kind: 'failed', problem } satisfies KeysNews, () => process.exit(1));
    },
  );
}
