import { describe, expect, it } from 'vitest';
import { NewcomerLine } from './newcomerLine.js';
import { newcomerLimits } from './quicLimits.js';
import type { NewcomerLane } from './quicTypes.js';

const from = { host: '192.0.2.1', port: 1 };
const lanes = ['known begun', 'known proven', 'known other', 'begun', 'proven', 'other'] as const;
type Lane = (typeof lanes)[number];

function lineOf(packetsMax: number, msPerTurnMin: number): NewcomerLine {
  const msPerTurnMax = Math.max(msPerTurnMin, 10);
  return new NewcomerLine({ packetsMax, msPerTurnMin, busyShare: 0.5, msPerTurnMax });
}

/** Packets of a lane, which say which one and how many came before them. */
function fill(line: NewcomerLine, lane: Lane, count: number): void {
  const index = lanes.indexOf(lane);
  const place = { lane: lane.split(' ').at(-1) as NewcomerLane, isKnown: index < 3 };
  for (let i = 0; i < count; i++) line.push(Uint8Array.of(index, i), from, place);
}

/**
 * Serves for a turn on a clock on which each packet takes so long.
 *
 * @param beginMs when the turn begins
 * @returns as they were served
 */
function turn(
  line: NewcomerLine,
  msPerPacket: number,
  beginMs = 1_000,
): [lane: Lane, index: number][] {
  const served: [Lane, number][] = [];
  let nowMs = beginMs;
  const serve = ({ bytes }: { readonly bytes: Uint8Array }): void => {
    served.push([lanes[bytes[0]!]!, bytes[1]!]);
    nowMs += msPerPacket;
  };
  line.serve(serve, () => nowMs);
  return served;
}

function counts(served: readonly [Lane, number][]): Partial<Record<Lane, number>> {
  const result: Partial<Record<Lane, number>> = {};
  for (const [lane] of served) result[lane] = (result[lane] ?? 0) + 1;
  return result;
}

describe('a line of newcomers', () => {
  it('serves them for a bounded time in one turn, and the rest in the next ones', () => {
    const line = lineOf(100, 2);
    fill(line, 'other', 10);
    expect(turn(line, 0.5)).toHaveLength(4);
    expect(turn(line, 0.5)).toHaveLength(4);
    expect(line.isEmpty).toBe(false);
    expect(turn(line, 0.5)).toHaveLength(2);
    expect(line.isEmpty).toBe(true);
    expect(turn(line, 0.5)).toHaveLength(0);
  });

  it('has a share of the time where others take most of it, up to a bound', () => {
    const line = lineOf(100, 2);
    fill(line, 'other', 100);
    expect(turn(line, 1, 1_000)).toHaveLength(2);
    expect(turn(line, 1, 1_002)).toHaveLength(2);
    expect(turn(line, 1, 1_014)).toHaveLength(5);
    expect(turn(line, 1, 2_000)).toHaveLength(10);
  });

  it('begins with short turns when nobody waited before', () => {
    const line = lineOf(100, 2);
    fill(line, 'other', 1);
    expect(turn(line, 1, 1_000)).toHaveLength(1);
    fill(line, 'other', 50);
    expect(turn(line, 1, 2_000)).toHaveLength(2);
  });

  it('serves one in each turn, however long it takes', () => {
    const line = lineOf(100, 2);
    fill(line, 'proven', 2);
    expect(turn(line, 50)).toEqual([['proven', 0]]);
    expect(turn(line, 50)).toEqual([['proven', 1]]);
  });

  it('keeps the order of each lane', () => {
    const line = lineOf(100, 1_000);
    for (const lane of lanes) fill(line, lane, 50);
    const served = turn(line, 1);
    for (const lane of lanes) {
      const indexes = served.filter(([name]) => name === lane).map(([, index]) => index);
      expect(indexes).toEqual(Array.from({ length: 50 }, (_, index) => index));
    }
  });

  it('goes on with what is begun and with known addresses, however many others knock', () => {
    const line = lineOf(100, 22);
    for (const lane of lanes) fill(line, lane, 100);
    const first = counts(turn(line, 1));
    expect(first).toEqual({
      'known begun': 8,
      'known proven': 1,
      'known other': 2,
      begun: 8,
      proven: 1,
      other: 2,
    });
    const second = counts(turn(line, 1));
    expect(second).toEqual(first);
  });

  it('lets nobody starve behind a lane that is always full', () => {
    const line = lineOf(100, 30);
    fill(line, 'proven', 1);
    fill(line, 'begun', 100);
    expect(counts(turn(line, 1)).proven).toBe(1);
  });

  it('drops and counts what comes while its lane is full, and no other lane has less room', () => {
    const line = lineOf(3, 1_000);
    fill(line, 'other', 10);
    fill(line, 'begun', 3);
    expect(line.dropped).toBe(7);
    expect(counts(turn(line, 1))).toEqual({ begun: 3, other: 3 });
    fill(line, 'other', 3);
    expect(line.dropped).toBe(7);
  });

  it('keeps packets whose memory is used again', () => {
    const line = lineOf(3, 1_000);
    const memory = Buffer.from([lanes.indexOf('other'), 7]);
    line.push(memory, from, { lane: 'other', isKnown: false });
    memory.fill(0);
    expect(turn(line, 1)).toEqual([['other', 7]]);
  });

  it('loses nothing of a thousand who come back in the same moment', () => {
    const line = new NewcomerLine(newcomerLimits);
    for (const lane of lanes) fill(line, lane, 2_000);
    expect(line.dropped).toBe(0);
  });
});
