import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits for a promise, but not for ever.
 *
 * @returns what it resolves to, or null where `timeoutMs` have passed; rejects as it does
 */
export async function withinMs<T>(timeoutMs: number, promise: Promise<T>): Promise<T | null> {
  const patience = new AbortController();
  const passed = delay(timeoutMs, null, { signal: patience.signal }).catch(() => null);
  try {
    return await Promise.race([promise, passed]);
  } finally {
    patience.abort();
  }
}
