import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { updateLimits } from '../updateLimits.js';

const statsSchema = z.object({ version: z.string(), uptimeSeconds: z.number() });

/** How long one answer may take. */
const answerMsMax = 2_000;
/** Seconds are told whole, and clocks are read at different moments. */
const uptimeSlackMs = 2_000;

export interface HealthWish {
  /** Of the admin interface on this machine. */
  readonly adminPort: number;
  readonly version: string;
  /** When it was told to start anew, by performance.now(); null: it need not have been. */
  readonly sinceMs: number | null;
  readonly timeoutMs: number;
  /** Who runs it: nothing is waited for once that process is gone. null: not known. */
  readonly mainPid?: number | null;
}

/**
 * Waits until a server of a version lets people in and can write.
 *
 * @returns null once it does, else what was seen last, for people
 */
export async function untilHealthy(wish: HealthWish): Promise<string | null> {
  const startMs = performance.now();
  for (;;) {
    const fault = await faultOf(wish);
    if (fault === null) return null;
    if (wish.mainPid && !isThere(wish.mainPid)) return 'it ended soon after its start';
    if (performance.now() - startMs >= wish.timeoutMs) return fault;
    await delay(updateLimits.healthIntervalMs);
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function faultOf({ adminPort, version, sinceMs }: HealthWish): Promise<string | null> {
  const base = `http://127.0.0.1:${adminPort}`;
  try {
    const signal = AbortSignal.timeout(answerMsMax);
    const health = await fetch(`${base}/health`, { signal });
    if (!health.ok) return `it says that it is not ready: ${(await health.text()).slice(0, 200)}`;
    const stats = statsSchema.safeParse(await (await fetch(`${base}/stats`, { signal })).json());
    if (!stats.success) return 'it does not say which version it is';
    if (stats.data.version !== version) return `it is still version ${stats.data.version}`;
    const isOld =
      sinceMs !== null &&
      stats.data.uptimeSeconds * 1_000 > performance.now() - sinceMs + uptimeSlackMs;
    return isOld ? 'it was not started anew' : null;
  } catch {
    return `nothing answers on its admin port ${adminPort}`;
  }
}
