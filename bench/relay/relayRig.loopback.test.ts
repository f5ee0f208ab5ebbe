import { afterEach, expect, test } from 'vitest';
import { openRelayRig, type RelayRig } from './relayRig.js';

let rig: RelayRig | null = null;

afterEach(async () => {
  await rig?.close();
  rig = null;
});

test.runIf(process.platform === 'linux')(
  'puts a real server and the floor under the same load, and nothing is lost',
  async () => {
    rig = await openRelayRig({
      rooms: 2,
      membersPerRoom: 4,
      sockets: 3,
      payloadBytes: 60,
      workers: 2,
      bundleWindowMs: null,
    });
    const load = { speakersPerRoom: 2, framesPerSecond: 50, warmUpSeconds: 0.1, seconds: 1 };
    const server = await rig.runServer(load);
    const floor = await rig.runFloor!(load);
    for (const result of [server, floor]) {
      expect(result.framesExpected).toBeGreaterThan(500);
      expect(result).toMatchObject({
        framesDelivered: result.framesExpected,
        framesSurplus: 0,
        framesFalse: 0,
        packetsMalformed: 0,
      });
      expect(result.framesVerified).toBeGreaterThan(0);
    }
    expect(server).toMatchObject({ drops: {}, relayWorkers: 2, activeWorkers: 2 });
    expect(server.residentBytes).toBeGreaterThan(floor.residentBytes);
  },
);
