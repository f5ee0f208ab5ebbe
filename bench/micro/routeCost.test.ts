import { expect, test } from 'vitest';
import { nextPacket, openRelayWorkbench } from './relayWorkbench.js';

test('every packet of the workbench reaches all others of its room', () => {
  const { relay, speakers, tables, nowMs } = openRelayWorkbench(3, 5);
  const { packetsIn, packetsOut } = tables.counters.columns;
  const [pings, pongs] = [packetsIn.load(0), packetsOut.load(0)];
  for (let frame = 0; frame < 100; frame++) {
    nowMs[0]! += 20;
    for (const speaker of speakers) {
      relay.receive(speaker.packet, nextPacket(speaker), speaker.address);
      relay.flushDue();
    }
  }
  expect(packetsIn.load(0) - pings).toBe(300);
  expect(packetsOut.load(0) - pongs).toBe(1_200);
});
