import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { voicePacketBytesMax } from '@rookery/schemas/voicePacket';
import { describe, expect, it } from 'vitest';
import {
  Chaos,
  chaosPacketsMax,
  checkChaos,
  noChaos,
  reorderedByMs,
  type ChaosSettings,
} from './chaos.js';

const seed = Number(process.env['ROOKERY_FUZZ_SEED'] ?? 20_260_114);
const hint = `ROOKERY_FUZZ_SEED=${seed}`;
const frameMs = 20;

interface Arrival {
  readonly index: number;
  readonly atMs: number;
  readonly delayMs: number;
}

function chanceOf(random: SeededRandom): () => number {
  return () => random.nextUint32() / 2 ** 32;
}

/** Sends so many packets, each with its number, and looks every millisecond. */
function pass(settings: Partial<ChaosSettings>, packets: number): [Arrival[], Chaos] {
  const chaos = new Chaos({ ...noChaos, ...settings }, chanceOf(new SeededRandom(seed)));
  const packet = new Uint8Array(voicePacketBytesMax);
  const number = new DataView(packet.buffer);
  const arrivals: Arrival[] = [];
  for (let nowMs = 0, sent = 0; sent < packets || chaos.waiting > 0; nowMs++) {
    if (nowMs % frameMs === 0 && sent < packets) {
      number.setUint32(0, sent++);
      chaos.push(packet, 60 + (sent % 7), nowMs);
    }
    for (;;) {
      const bytes = chaos.pop(packet, nowMs);
      if (bytes === 0) break;
      const index = number.getUint32(0);
      expect(bytes, hint).toBe(60 + ((index + 1) % 7));
      arrivals.push({ index, atMs: nowMs, delayMs: nowMs - index * frameMs });
    }
  }
  return [arrivals, chaos];
}

/** Lengths of the runs of packets that did not come. */
function burstsIn(arrivals: readonly Arrival[], packets: number): number[] {
  const came = new Set(arrivals.map(({ index }) => index));
  const bursts: number[] = [];
  for (let index = 0; index < packets; index++) {
    if (came.has(index)) continue;
    if (index > 0 && !came.has(index - 1)) bursts[bursts.length - 1]!++;
    else bursts.push(1);
  }
  return bursts;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a bad network', () => {
  it('without any setting gives each packet on at once, and once', () => {
    const [arrivals, { counters }] = pass({}, 1_000);
    expect(arrivals.map(({ index }) => index)).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
    expect(arrivals.every(({ delayMs }) => delayMs === 0)).toBe(true);
    expect(counters).toEqual({ taken: 1_000, lost: 0, reordered: 0, duplicated: 0, overflowed: 0 });
  });

  it.each([
    [1, 1],
    [5, 1],
    [5, 3],
    [20, 2],
    [20, 8],
    [60, 1],
    [60, 10],
  ])('loses %i percent in bursts of %i in the mean', (lossPct, burstLength) => {
    const packets = 20_000;
    const [arrivals, { counters }] = pass({ lossPct, burstLength }, packets);
    const lost = packets - arrivals.length;
    expect(counters.lost, hint).toBe(lost);
    const bursts = burstsIn(arrivals, packets);
    const expected = Math.max(burstLength, 1 / (1 - lossPct / 100));
    expect(mean(bursts) / expected, hint).toBeGreaterThan(0.85);
    expect(mean(bursts) / expected, hint).toBeLessThan(1.15);
    // Four deviations of the share; those of bursts are as many as their square root says.
    const tolerance = 4 * Math.sqrt((2 * expected * (lossPct / 100)) / packets);
    expect(Math.abs(lost / packets - lossPct / 100), hint).toBeLessThan(tolerance);
  });

  it('loses all or nothing where it is told to', () => {
    expect(pass({ lossPct: 100, burstLength: 3 }, 500)[0]).toEqual([]);
    expect(pass({ lossPct: 0, burstLength: 50 }, 500)[0]).toHaveLength(500);
  });

  it('delays all by as much, in order', () => {
    const [arrivals] = pass({ delayMs: 137 }, 500);
    expect(arrivals.map(({ index }) => index)).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(arrivals.every(({ delayMs }) => delayMs === 137)).toBe(true);
  });

  it('spreads the delay evenly over the jitter while none could overtake another', () => {
    const [arrivals] = pass({ delayMs: 40, jitterMs: frameMs }, 20_000);
    const delays = arrivals.map(({ delayMs }) => delayMs);
    expect(Math.min(...delays), hint).toBeGreaterThanOrEqual(40);
    expect(Math.max(...delays), hint).toBeLessThanOrEqual(61);
    // Half a millisecond more, as one looks every millisecond.
    expect(mean(delays), hint).toBeCloseTo(50.5, 0);
    const middle = delays.filter((delay) => delay > 45 && delay <= 55).length;
    expect(middle / delays.length, hint).toBeCloseTo(0.5, 1);
  });

  it('keeps the order under jitter of many frames, within its bounds', () => {
    const [arrivals] = pass({ jitterMs: 300 }, 5_000);
    expect(arrivals.every(({ index }, at) => index === at)).toBe(true);
    expect(Math.max(...arrivals.map(({ delayMs }) => delayMs)), hint).toBeLessThanOrEqual(301);
  });

  it('lets as many as it should come after later ones, by a bounded time', () => {
    const packets = 20_000;
    const [arrivals, { counters }] = pass({ reorderPct: 10, delayMs: 5 }, packets);
    let newest = -1;
    const late = arrivals.filter(({ index }) => {
      newest = Math.max(newest, index);
      return index < newest;
    });
    expect(late.length / packets, hint).toBeCloseTo(0.1, 2);
    expect(late.length, hint).toBeGreaterThan(counters.reordered * 0.98);
    expect(arrivals).toHaveLength(packets);
    const delays = new Set(arrivals.map(({ delayMs }) => delayMs));
    expect([...delays].toSorted((a, b) => a - b)).toEqual([5, 5 + reorderedByMs]);
  });

  it('gives as many as it should twice, one right behind the other', () => {
    const packets = 20_000;
    const [arrivals, { counters }] = pass({ duplicatePct: 10, jitterMs: 50 }, packets);
    const twice = arrivals.filter(({ index }, at) => arrivals[at - 1]?.index === index);
    expect(twice).toHaveLength(counters.duplicated);
    expect(arrivals).toHaveLength(packets + counters.duplicated);
    expect(counters.duplicated / packets, hint).toBeCloseTo(0.1, 2);
  });

  it('does all of it at once, the same for the same seed', () => {
    const all = { lossPct: 10, burstLength: 3, delayMs: 40, jitterMs: 30, reorderPct: 5 };
    const settings = { ...all, duplicatePct: 5 };
    const [arrivals, { counters }] = pass(settings, 5_000);
    expect(pass(settings, 5_000)[0]).toEqual(arrivals);
    expect(arrivals).toHaveLength(counters.taken - counters.lost + counters.duplicated);
  });

  it('drops and counts what it has no room for, and forgets what it is told to', () => {
    const chaos = new Chaos({ ...noChaos, delayMs: 1_000 }, () => 0.5);
    const packet = new Uint8Array(voicePacketBytesMax).fill(7);
    for (let i = 0; i < chaosPacketsMax + 3; i++) chaos.push(packet, packet.length, i);
    expect(chaos.waiting).toBe(chaosPacketsMax);
    expect(chaos.counters.overflowed).toBe(3);
    expect(chaos.nextDueMs()).toBe(1_000);
    for (let i = 0; i < chaosPacketsMax; i++) expect(chaos.pop(packet, 1e9)).toBe(packet.length);
    expect([chaos.pop(packet, Infinity), chaos.nextDueMs()]).toEqual([0, Infinity]);
    chaos.push(packet, 1, 5_000);
    chaos.clear();
    expect([chaos.waiting, chaos.pop(packet, Infinity)]).toEqual([0, 0]);
  });

  it('has room for the longest delays of the shortest frames', () => {
    const waitMsMax = 1_000 + 1_000 + reorderedByMs;
    expect(waitMsMax / 10).toBeLessThan(chaosPacketsMax);
  });
});

it.each([
  ['lossPct', 101],
  ['lossPct', -1],
  ['burstLength', 0.5],
  ['delayMs', 1_001],
  ['jitterMs', Number.NaN],
  ['reorderPct', 200],
  ['duplicatePct', -0.1],
] as const)('there is no network whose %s is %d', (name, value) => {
  const nonsense = (): void => checkChaos({ ...noChaos, [name]: value });
  expect(nonsense).toThrow(expect.objectContaining({ code: 'invalidInput' }));
  expect(nonsense).toThrow(new RegExp(`${name}.*give \\d+ to \\d+`));
});
