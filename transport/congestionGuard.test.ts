import type { PathStats } from '@matrixai/quic/native/types.js';
import { beforeEach, expect, it } from 'vitest';
import { CongestionGuard } from './congestionGuard.js';
import { endpointLimits } from './quicLimits.js';

const { congestionLookBytes, congestionWindowBytesMax } = endpointLimits;

let path: { cwnd: number; sentBytes: number; deliveryRate: number; rtt: number };
let looks: number;
let guard: CongestionGuard;
beforeEach(() => {
  path = { cwnd: 12_000, sentBytes: 0, deliveryRate: 0, rtt: 20 };
  looks = 0;
  guard = new CongestionGuard({
    pathStats: () => {
      looks++;
      return [{ ...path } as unknown as PathStats];
    },
  });
});

/** Takes and sends so many bytes more, a look at a time; ends where the peer is found out. */
function take(bytes: number, each: () => void): boolean {
  const from = path.sentBytes;
  while (path.sentBytes < from + bytes) {
    path.sentBytes += congestionLookBytes;
    each();
    if (guard.isExceeded(path.sentBytes)) return true;
  }
  return false;
}

it('looks once in so many bytes', () => {
  expect(guard.isExceeded(congestionLookBytes - 1)).toBe(false);
  expect(looks).toBe(0);
  expect(guard.isExceeded(congestionLookBytes)).toBe(false);
  expect(guard.isExceeded(2 * congestionLookBytes - 1)).toBe(false);
  expect(looks).toBe(1);
});

it('lets a window grow with what was sent and acknowledged, however large it gets', () => {
  const grow = (): void => void (path.cwnd += congestionLookBytes);
  expect(take(20 * congestionWindowBytesMax, grow)).toBe(false);
  expect(path.cwnd).toBeGreaterThan(20 * congestionWindowBytesMax);
});

it('finds out who acknowledges what was never sent', () => {
  expect(take(congestionWindowBytesMax, () => void (path.cwnd *= 2))).toBe(true);
});

it('finds out who has a large window and acknowledges nothing any more', () => {
  take(2 * congestionWindowBytesMax, () => void (path.cwnd += congestionLookBytes));
  const before = path.sentBytes;
  expect(take(20 * congestionWindowBytesMax, () => undefined)).toBe(true);
  expect(path.sentBytes - before).toBeLessThanOrEqual(
    congestionWindowBytesMax + 2 * congestionLookBytes,
  );
});

it('takes any acknowledgement for one, with a window that grows no more', () => {
  take(2 * congestionWindowBytesMax, () => void (path.cwnd += congestionLookBytes));
  const acknowledge = (): void => void (path.deliveryRate += 1);
  expect(take(20 * congestionWindowBytesMax, acknowledge)).toBe(false);
});

it('minds no small window, which bounds what is held by itself', () => {
  expect(take(20 * congestionWindowBytesMax, () => undefined)).toBe(false);
});
