import { afterEach, expect, test } from 'vitest';
import { openRelayRig, type RelayRig } from '../relay/relayRig.js';
import type { FaultArguments } from './faultArguments.js';
import { compareFloods } from './flood.js';
import { crashRelayWorkers } from './relayFaults.js';
import { killServers } from './serverKill.js';

const given: FaultArguments = {
  ...{
    sessions: 6,
    speakers: 3,
    workers: 1,
    crashes: 2,
    kills: 1,
    clients: 4,
    runs: 1,
    seconds: 1,
  },
  ...{ floodSpeakers: 3, minutes: 5, json: false },
};
const quiet = { out: () => undefined, err: () => undefined };

let rig: RelayRig | null = null;

afterEach(async () => {
  await rig?.close();
  rig = null;
});

// Needs Linux, as the benches do that read how much CPU others use.
const onLinux = test.runIf(process.platform === 'linux');

onLinux('ends a relay worker, and everybody speaks on without a login', async () => {
  const { runs, sessionsLost } = await crashRelayWorkers(given, quiet);
  expect(sessionsLost).toBe(0);
  expect(runs).toHaveLength(2);
  for (const { silencesMs, framesExpected, framesLost } of runs) {
    expect(silencesMs).toHaveLength(3);
    // Nobody is there for as long as a thread needs to start, which is longer than a frame.
    expect(Math.min(...silencesMs)).toBeGreaterThan(20);
    expect(framesLost).toBeLessThan(framesExpected);
  }
});

onLinux('kills a supervised server, and real clients come back', async () => {
  const { upAfterMs, backAfterMs } = await killServers(given, quiet);
  expect(upAfterMs).toHaveLength(1);
  expect(backAfterMs).toHaveLength(4);
  expect(backAfterMs).not.toContain(null);
});

onLinux('floods a server with a session’s packets and with garbage', async () => {
  rig = await openRelayRig({
    ...{ rooms: 1, membersPerRoom: 6, sockets: 3, payloadBytes: 60, workers: 1 },
    ...{ bundleWindowMs: null, yardstick: 'none', guests: 1 },
  });
  const load = { speakersPerRoom: 3, framesPerSecond: 50, warmUpSeconds: 0, seconds: 1 };
  const { quiet: without, session, garbage } = await compareFloods(rig, load, 1, quiet);
  expect(without[0]!.drops).toEqual({});
  expect(session[0]!.drops['dropBudget']).toBeGreaterThan(1_000);
  expect(garbage[0]!.drops['dropUnknownSession']).toBeGreaterThan(1_000);
});
