import { formatServerAddress } from '../engine/serverAddress.js';

/** What a server's process has used. */
export interface ServerUsage {
  /** Since it was started. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  /** Of `performance.now`, when it was asked. */
  readonly atMs: number;
}

/** Loopback answers at once; where it does not, the next look is soon. */
const timeoutMs = 2_000;

/** Asks a server on this machine what it uses. @returns null where it does not tell */
export async function readServerUsage(
  host: string,
  adminPort: number,
): Promise<ServerUsage | null> {
  const where = formatServerAddress({ host, port: adminPort });
  const atMs = performance.now();
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(`http://${where}/metrics`, { signal });
    return response.ok ? usageOf(await response.text(), atMs) : null;
  } catch {
    return null;
  }
}

/** @param metrics in the text format of Prometheus */
export function usageOf(metrics: string, atMs: number): ServerUsage | null {
  const cpuSeconds = valueOf(metrics, 'process_cpu_seconds_total');
  const residentBytes = valueOf(metrics, 'process_resident_memory_bytes');
  return cpuSeconds === null || residentBytes === null ? null : { cpuSeconds, residentBytes, atMs };
}

function valueOf(metrics: string, name: string): number | null {
  const value = Number(new RegExp(`^${name} (\\S+)`, 'm').exec(metrics)?.[1]);
  return Number.isFinite(value) ? value : null;
}
