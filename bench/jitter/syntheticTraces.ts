import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { traceFrameMs, type ArrivalTrace, type TracePacket } from './arrivalTrace.js';

/** What a network does to 20 ms packets; left out: nothing of that kind. */
interface Network {
  /** Standard deviation of the delay, normally distributed. */
  readonly sigmaMs?: number;
  /** Packets do not overtake each other. */
  readonly isOrdered?: boolean;
  readonly lossProbability?: number;
  /** Mean length of runs of loss; otherwise each packet is lost by itself. */
  readonly lossBurstMs?: number;
  /** From when on how long the network holds everything, then to deliver it at once. */
  readonly holds?: (random: SeededRandom) => readonly (readonly [fromMs: number, ms: number])[];
  /** How much faster than the receiver's the sender's clock is. */
  readonly driftPpm?: number;
  /** Speech and silence in turns. */
  readonly spurt?: { readonly onMs: number; readonly offMs: number };
}

const spurt = { onMs: 2_000, offMs: 1_000 };
const networks: Readonly<Record<string, Network>> = {
  none: {},
  j10: { sigmaMs: 10 },
  j30: { sigmaMs: 30 },
  j10_ord: { sigmaMs: 10, isOrdered: true },
  j30_ord: { sigmaMs: 30, isOrdered: true },
  spike200: { isOrdered: true, holds: () => [[20_000, 200]] },
  wifi60: {
    isOrdered: true,
    holds: (random) =>
      Array.from({ length: 29 }, (_, i) => [2_000 * (i + 1) + 20 * uniform(random), 60]),
  },
  loss01: { lossProbability: 0.01 },
  loss03: { lossProbability: 0.03 },
  loss05: { lossProbability: 0.05 },
  loss10: { lossProbability: 0.1 },
  loss15: { lossProbability: 0.15 },
  loss20: { lossProbability: 0.2 },
  loss30: { lossProbability: 0.3 },
  ge05: { lossProbability: 0.05, lossBurstMs: 30 },
  ge10: { lossProbability: 0.1, lossBurstMs: 30 },
  j10_loss05: { sigmaMs: 10, lossProbability: 0.05 },
  drift_p200: { driftPpm: 200 },
  drift_m200: { driftPpm: -200 },
  spurt: { spurt },
  spurt_j10: { sigmaMs: 10, spurt },
};

const packetsPerTrace = 3_000;

/** One trace a kind of network, a minute each, the same for the same seed. */
export function syntheticTraces(seed: number): ArrivalTrace[] {
  return Object.entries(networks).map(([name, network], index) => {
    const packets = packetsOver(network, new SeededRandom(seed * 1_000 + index));
    return { name, packets };
  });
}

function packetsOver(network: Network, random: SeededRandom): TracePacket[] {
  const { sigmaMs = 0, driftPpm = 0 } = network;
  const baseMs = 50 + 20 * uniform(random) + 4 * sigmaMs;
  const holds = network.holds?.(random) ?? [];
  const isLost = losses(network, random);
  let lastMs = 0;
  return Array.from({ length: packetsPerTrace }, (_, seq) => {
    const spokenMs = seq * traceFrameMs;
    const pauses = network.spurt ? Math.floor(spokenMs / network.spurt.onMs) : 0;
    const mediaMs = spokenMs + pauses * (network.spurt?.offMs ?? 0);
    const sendMs = mediaMs / (1 + driftPpm * 1e-6);
    let arriveMs = sendMs + Math.max(1, baseMs + sigmaMs * normal(random));
    for (const [fromMs, ms] of holds) {
      if (sendMs >= fromMs && sendMs < fromMs + ms) arriveMs = fromMs + ms + baseMs;
    }
    if (network.isOrdered) arriveMs = Math.max(arriveMs, lastMs + 0.05);
    lastMs = arriveMs;
    // The first one always arrives, so that every trace begins at its beginning.
    return { sendMs, arriveMs: isLost() && seq > 0 ? Infinity : arriveMs, mediaMs };
  });
}

/** @returns tells of one packet after the other whether it is lost */
function losses(network: Network, random: SeededRandom): () => boolean {
  const { lossProbability = 0, lossBurstMs } = network;
  if (lossBurstMs === undefined) return () => random.chance(lossProbability);
  // Gilbert's two states: in the bad one all is lost.
  const leave = traceFrameMs / lossBurstMs;
  const enter = (lossProbability * leave) / (1 - lossProbability);
  let isBad = false;
  return () => (isBad = random.chance(isBad ? 1 - leave : enter));
}

function uniform(random: SeededRandom): number {
  return random.nextUint32() / 2 ** 32;
}

/** Mean 0, standard deviation 1 (Box and Muller). */
function normal(random: SeededRandom): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(random)));
  return radius * Math.cos(2 * Math.PI * uniform(random));
}
