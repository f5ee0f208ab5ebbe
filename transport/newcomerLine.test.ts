import { describe, expect, it } from 'vitest';
import { NewcomerLine } from './newcomerLine.js';
import type { NewcomerLane } from './quicTypes.js';

const from = { host: '192.0.2.1', port: 1 };
const lanes: readonly NewcomerLane[] = ['known', 'begun', 'proven', 'other'];

/** Packets of a lane, which say which one and how many came before them. */
function fill(line: NewcomerLine, lane: NewcomerLane, count: number): void {
  for (let i = 0; i < count; i++) line.push(lane, Uint8Array.of(lanes.indexOf(lane), i), from);
}

/** Serves for a turn on a clock on which each packet takes so long. @returns as they were served */
function turn(line: NewcomerLine, msPerPacket: number): [lane: NewcomerLane, index: number][] {
  const served: [NewcomerLane, number][] = [];
  let nowMs = 1_000;
  const serve = ({ bytes }: { readonly bytes: Uint8Array }): void => {
    served.push([lanes[bytes[0]!]!, bytes[1]!]);
    nowMs += msPerPacket;
  };
  line.serve(serve, () => nowMs);
  return served;
}

function counts(served: readonly [NewcomerLane, number][]): Record<NewcomerLane, number> {
  const result = { known: 0, begun: 0, proven: 0, other: 0 };
  for (const [lane] of served) result[lane] += 1;
  return result;
}

describe('a line of newcomers', () => {
  it('serves them for a bounded time in one turn, and the rest in the next ones', () => {
    const line = new NewcomerLine({ packetsMax: 100, msPerTurn: 2 });
    fill(line, 'other', 10);
    expect(turn(line, 0.5)).toHaveLength(4);
    expect(turn(line, 0.5)).toHaveLength(4);
    expect(line.isEmpty).toBe(false);
    expect(turn(line, 0.5)).toHaveLength(2);
    expect(line.isEmpty).toBe(true);
    expect(turn(line, 0.5)).toHaveLength(0);
  });

  it('serves one in each turn, however long it takes', () => {
    const line = new NewcomerLine({ packetsMax: 100, msPerTurn: 2 });
    fill(line, 'proven', 2);
    expect(turn(line, 50)).toEqual([['proven', 0]]);
    expect(turn(line, 50)).toEqual([['proven', 1]]);
  });

  it('keeps the order of each lane', () => {
    const line = new NewcomerLine({ packetsMax: 100, msPerTurn: 1_000 });
    for (const lane of lanes) fill(line, lane, 50);
    const served = turn(line, 1);
    for (const lane of lanes) {
      const indexes = served.filter(([name]) => name === lane).map(([, index]) => index);
      expect(indexes).toEqual(Array.from({ length: 50 }, (_, index) => index));
    }
  });

  it('goes on with what is begun and with known addresses, however many others knock', () => {
    const line = new NewcomerLine({ packetsMax: 100, msPerTurn: 19 });
    for (const lane of lanes) fill(line, lane, 100);
    const first = counts(turn(line, 1));
    expect(first).toEqual({ known: 8, begun: 8, proven: 1, other: 2 });
    const second = counts(turn(line, 1));
    expect(second).toEqual(first);
  });

  it('lets nobody starve behind a lane that is always full', () => {
    const line = new NewcomerLine({ packetsMax: 100, msPerTurn: 30 });
    fill(line, 'proven', 1);
    fill(line, 'begun', 100);
    expect(counts(turn(line, 1)).proven).toBe(1);
  });

  it('drops and counts what comes while its lane is full, and no other lane has less room', () => {
    const line = new NewcomerLine({ packetsMax: 3, msPerTurn: 1_000 });
    fill(line, 'other', 10);
    fill(line, 'begun', 3);
    expect(line.dropped).toBe(7);
    expect(counts(turn(line, 1))).toEqual({ known: 0, begun: 3, proven: 0, other: 3 });
    fill(line, 'other', 3);
    expect(line.dropped).toBe(7);
  });

  it('keeps packets whose memory is used again', () => {
    const line = new NewcomerLine({ packetsMax: 3, msPerTurn: 1_000 });
    const memory = Buffer.from([3, 7]);
    line.push('other', memory, from);
    memory.fill(0);
    expect(turn(line, 1)).toEqual([['other', 7]]);
  });
});
