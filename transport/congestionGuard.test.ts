import type { PathStats } from '@matrixai/quic/native/types.js';
import { expect, it } from 'vitest';
import { CongestionGuard } from './congestionGuard.js';
import { endpointLimits } from './quicLimits.js';

it('looks at the window after so many bytes, and says when it is too large', () => {
  const { congestionLookBytes, congestionWindowBytesMax } = endpointLimits;
  let cwnd = congestionWindowBytesMax;
  let looks = 0;
  const guard = new CongestionGuard({
    pathStats: () => {
      looks++;
      return [{ cwnd } as PathStats];
    },
  });
  expect(guard.isExceeded(congestionLookBytes - 1)).toBe(false);
  expect(looks).toBe(0);
  expect(guard.isExceeded(congestionLookBytes)).toBe(false);
  expect(looks).toBe(1);
  cwnd++;
  expect(guard.isExceeded(2 * congestionLookBytes - 1)).toBe(false);
  expect(guard.isExceeded(2 * congestionLookBytes)).toBe(true);
});
