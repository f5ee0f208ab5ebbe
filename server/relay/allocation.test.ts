import { expect, test } from 'vitest';
import { relayMillionPackets } from '../testing/relayAllocation.js';

test('the packet path allocates nothing, over a million packets', () => {
  const { packets, framesOut, bytesPerPacket } = relayMillionPackets(1);
  expect(packets).toBe(1_000_000);
  expect(framesOut).toBeGreaterThan(packets);
  // One number a packet, the smallest thing that can be allocated, would be 16.
  expect(bytesPerPacket).toBeLessThan(1);
});
