import { describe, expect, it } from 'vitest';
import { HeldFrames } from './heldFrames.js';

const packet = (value: number): Uint8Array => new Uint8Array(4).fill(value);

function retry(held: HeldFrames, opens: (value: number) => boolean, nowMs: number) {
  const opened: number[] = [];
  const givenUp: number[] = [];
  held.retry(
    (bytes, length) => {
      expect(length).toBe(4);
      if (!opens(bytes[0]!)) return false;
      opened.push(bytes[0]!);
      return true;
    },
    (bytes) => givenUp.push(bytes[0]!),
    nowMs,
  );
  return { opened, givenUp };
}

describe('HeldFrames', () => {
  it('gives packets back in their order, each once, though their memory was used again', () => {
    const held = new HeldFrames(4, 16, 500);
    const buffer = packet(0);
    for (const value of [1, 2, 3]) {
      buffer.fill(value);
      expect(held.hold(buffer, 4, 0)).toBe(true);
    }
    expect(retry(held, (value) => value !== 2, 10)).toEqual({ opened: [1, 3], givenUp: [] });
    expect(held.isEmpty).toBe(false);
    expect(retry(held, () => true, 20)).toEqual({ opened: [2], givenUp: [] });
    expect(held.isEmpty).toBe(true);
  });

  it('gives up what waited too long, and only that', () => {
    const held = new HeldFrames(4, 16, 500);
    held.hold(packet(1), 4, 0);
    held.hold(packet(2), 4, 100);
    expect(retry(held, () => false, 500)).toEqual({ opened: [], givenUp: [1] });
    expect(retry(held, () => false, 600)).toEqual({ opened: [], givenUp: [2] });
    expect(held.isEmpty).toBe(true);
  });

  it('takes no more than it has room for, nor a packet too long', () => {
    const held = new HeldFrames(2, 4, 500);
    expect(held.hold(new Uint8Array(5), 5, 0)).toBe(false);
    expect(held.hold(packet(1), 4, 0)).toBe(true);
    expect(held.hold(packet(2), 4, 0)).toBe(true);
    expect(held.hold(packet(3), 4, 0)).toBe(false);
    expect(retry(held, (value) => value === 1, 0).opened).toEqual([1]);
    expect(held.hold(packet(3), 4, 0)).toBe(true);
    expect(retry(held, () => true, 0).opened).toEqual([2, 3]);
  });
});
