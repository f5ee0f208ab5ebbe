import type { LoadResult } from '../load/loadMessages.js';
import type { ServerRun } from '../relay/relayRig.js';

/** A run in which everything was delivered, but for what a test wants otherwise. */
export function loadResult(otherwise: Partial<LoadResult> = {}): LoadResult {
  return {
    seconds: 1,
    framesSent: 10,
    framesExpected: 100,
    framesDelivered: 100,
    framesSurplus: 0,
    packetsDelivered: 50,
    bundlesDelivered: 50,
    framesVerified: 1,
    framesFalse: 0,
    packetsMalformed: 0,
    generatorDrops: 0,
    generatorCpuSeconds: 0.1,
    pacingLagUsMax: 100,
    delayP50Us: 100,
    delayP95Us: 200,
    delayP99Us: 300,
    delayMaxUs: 400,
    silencesUs: [20_000],
    cpuSeconds: 0.5,
    userSeconds: 0.2,
    systemSeconds: 0.3,
    mainThreadSeconds: 0.05,
    otherThreadSeconds: [0.4, 0.05],
    residentBytes: 100 * 1_048_576,
    ...otherwise,
  };
}

/** The same of a server that dropped nothing. */
export function serverRun(otherwise: Partial<LoadResult> = {}): ServerRun {
  return { ...loadResult(otherwise), drops: {}, relayWorkers: 1, activeWorkers: 1 };
}
