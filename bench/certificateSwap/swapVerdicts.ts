import type { BotFleetFigures } from '@rookery/client/bots/botFleet';
import type { StressTestOptions } from '@rookery/schemas/stressTest';
import { atMost, type Verdict } from '../verdicts.js';

/** What the bench has measured; counts are of the time in which all spoke. */
export interface SwapMeasured {
  readonly test: StressTestOptions;
  readonly crowd: BotFleetFigures;
  readonly swaps: number;
  readonly sessionsBefore: number;
  readonly sessionsAfter: number;
  readonly connectionsClosed: number;
  /** Packets that the relay dropped. */
  readonly relayDrops: number;
  /** Whether who connected afterwards was shown the new certificate. */
  readonly isNewShown: boolean;
}

/** How the targets of a change of the certificate came out. Pure. */
export function swapVerdicts(measured: SwapMeasured): Verdict[] {
  const { test, crowd, swaps, sessionsBefore, sessionsAfter } = measured;
  const { connectionsClosed, relayDrops, isNewShown } = measured;
  const { joined, wanted, delivered, expected, delayMs, cpuPct } = crowd.result;
  const load = `${test.count} sessions, ${test.speakers} speak, ${test.rooms} rooms`;
  const lost = Math.max(0, expected - delivered);
  return [
    {
      ...{ load, target: 'the certificate changed while all spoke, and later ones are shown it' },
      figure: `${swaps} change, ${isNewShown ? 'shown' : 'not shown'} to who came later`,
      isMet: swaps === 1 && isNewShown,
    },
    {
      ...{ load, target: '0 sessions dropped' },
      figure:
        `${sessionsBefore - sessionsAfter} (${joined} of ${wanted} there at the end, ` +
        `${connectionsClosed} connections closed)`,
      isMet: sessionsBefore === sessionsAfter && connectionsClosed === 0 && joined === wanted,
    },
    {
      ...{ load, target: 'relay loss 0' },
      figure: `${relayDrops} packets dropped by the relay, ${lost} of ${expected} frames not heard`,
      isMet: atMost(relayDrops, 0) === true && atMost(lost, 0) === true,
    },
    {
      ...{ load, target: 'delay as the bots saw it, p50, p95, p99', isMet: null },
      figure:
        `${delayMs.p50.toFixed(1)}, ${delayMs.p95.toFixed(1)}, ${delayMs.p99.toFixed(1)} ms; ` +
        `server ${(cpuPct ?? NaN).toFixed(0)} %, bots ${crowd.speaking.bots.toFixed(0)} % CPU`,
    },
  ];
}
