import type { StressResult } from '@rookery/schemas/stressTest';
import { lossPctMax } from '../bots/stressVerdict.js';
import { ClientError } from '../engine/clientError.js';

/** One second of a test with bots. Pure. */
export function stressLine(result: StressResult): string {
  const { joined, wanted, joinsPerSecond, expected, lossPct, delayMs, cpuPct, rssMiB } = result;
  const parts = [
    `${joined} of ${wanted} bots`,
    joined < wanted ? `${joinsPerSecond.toFixed(0)} a second` : '',
    expected > 0 ? `${result.delivered} of ${expected} frames (${lossPct.toFixed(3)} % lost)` : '',
    expected > 0 ? `delay ${delayMs.p50.toFixed(1)} / ${delayMs.p99.toFixed(1)} ms` : '',
    cpuPct === null ? '' : `server ${cpuPct.toFixed(0)} % CPU, ${(rssMiB ?? 0).toFixed(0)} MiB`,
    `bots ${result.botsCpuPct.toFixed(0)} % CPU, ${result.botsRssMiB.toFixed(0)} MiB`,
    result.firstLimit === null ? '' : `limit: ${result.firstLimit}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

/** @returns why a test that has ended did not go well; null where it did. Pure. */
export function missedStress({ joined, wanted, lossPct }: StressResult): ClientError | null {
  if (joined >= wanted && lossPct <= lossPctMax) return null;
  const text =
    joined < wanted
      ? `only ${joined} of ${wanted} bots were there`
      : `${lossPct.toFixed(2)} % of the frames got lost`;
  return new ClientError('stressMissed', `${text}: the server did not carry it`);
}
