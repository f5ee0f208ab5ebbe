import { describe, expect, it } from 'vitest';
import { SimulatedLink, perfectLink } from './simulatedLink.js';
import type { LinkConditions } from './simulatedLink.js';

const near = { host: '192.0.2.1', port: 1 };
const far = { host: '192.0.2.2', port: 2 };

/** Sends packets 0, 1, 2 … one a millisecond; gives the arrivals in order. */
function pass(conditions: Partial<LinkConditions>, seed = 1, count = 1000): number[] {
  const link = new SimulatedLink({ ...perfectLink, ...conditions }, seed);
  for (let index = 0; index < count; index++) {
    const packet = Uint8Array.of(index >> 8, index);
    link.send(packet, 2, near, far, index);
  }
  const arrivals: number[] = [];
  for (let packet = link.receive(Infinity); packet !== null; packet = link.receive(Infinity)) {
    arrivals.push(packet.bytes[0]! * 256 + packet.bytes[1]!);
  }
  return arrivals;
}

const inOrder = Array.from({ length: 1000 }, (_, index) => index);

describe('SimulatedLink', () => {
  it('delivers everything in order, late, when it is perfect', () => {
    expect(pass({})).toEqual(inOrder);
    const link = new SimulatedLink(perfectLink, 1);
    link.send(new Uint8Array(1), 1, near, far, 5);
    expect(link.receive(14.9)).toBe(null);
    expect(link.receive(15)).toMatchObject({ from: near, to: far });
    expect(link.nextArrivalMs).toBe(Infinity);
  });

  it('does the same for the same seed only', () => {
    const conditions = { loss: 0.1, duplication: 0.1, reordering: 0.1, jitterMs: 5 };
    expect(pass(conditions, 7)).toEqual(pass(conditions, 7));
    expect(pass(conditions, 7)).not.toEqual(pass(conditions, 8));
  });

  it('loses, repeats, delays and damages about as often as it is told', () => {
    const lost = 1000 - pass({ loss: 0.2 }).length;
    expect(lost).toBeGreaterThan(150);
    expect(lost).toBeLessThan(250);
    const repeated = pass({ duplication: 0.2 }).length - 1000;
    expect(repeated).toBeGreaterThan(150);
    expect(repeated).toBeLessThan(250);
    const late = pass({ reordering: 0.2 }).filter((value, index, all) => value < all[index - 1]!);
    expect(late.length).toBeGreaterThan(50);
    const damaged = pass({ corruption: 0.2 }).filter((value, index) => value !== index);
    expect(damaged.length).toBeGreaterThan(150);
    expect(damaged.length).toBeLessThan(250);
  });

  it('drops what would wait too long on a narrow link', () => {
    // 2 bytes a millisecond go in, 1 comes out, 200 ms may wait.
    const arrived = pass({ bytesPerSecond: 1000 }).length;
    expect(arrived).toBeGreaterThan(500);
    expect(arrived).toBeLessThan(700);
  });
});
