import { once } from 'node:events';

/** Resolves to null once `signal` is aborted. */
export async function aborted(signal: AbortSignal): Promise<null> {
  if (!signal.aborted) await once(signal, 'abort');
  return null;
}
