import { expect, test } from 'vitest';
import { relayMillionPackets } from '../testing/relayAllocation.js';

test('sharing rooms among workers allocates nothing, over a million packets', () => {
  const { packets, framesOut, bytesPerPacket } = relayMillionPackets(2);
  expect(packets).toBe(1_000_000);
  expect(framesOut).toBeGreaterThan(packets);
  // One number a packet, the smallest thing that can be allocated, would be 16.
  expect(bytesPerPacket).toBeLessThan(1);
});
