import type { Bench, BenchOutput } from '../bench.js';
import { BenchError } from '../benchError.js';
import { describeMachine, formatMachine } from '../machine.js';
import type { Capacity } from '../relay/capacity.js';
import { findRelayCapacity } from '../relay/relayCapacity.js';
import { openRelayRig, type RelayRig } from '../relay/relayRig.js';
import { keepResult } from '../results.js';
import { faultUsage, parseFaultArguments, type FaultArguments } from './faultArguments.js';
import { formatFaultPart, formatFaults, judgeFaults, type FaultResult } from './faultReport.js';
import { compareFloods, floodReport, quarterOf, type FloodComparison } from './flood.js';
import { runPartsInTime } from './partsInTime.js';
import { crashRelayWorkers, faultRigOptions, stallMainThread } from './relayFaults.js';
import { killServers } from './serverKill.js';

const framesPerSecond = 50;
const warmUpSeconds = 2;
/** As in the grid: fewer could not bring a server to its limit. */
const floodedMembers = 501;

/** What people hear of it when parts of a real server die, stall, or are flooded. */
export const faultsBench: Bench = {
  name: 'faults',
  summary: 'gaps in voice when workers die, the main thread stalls, servers are killed or flooded',
  options: faultUsage(),
  run: async (args, output) => {
    const given = parseFaultArguments(args);
    const { result, isWhole } = await causeFaults(given, output);
    const machine = describeMachine();
    const markdown = formatFaults(result, formatMachine(machine));
    if (!isWhole) {
      output.out(`${markdown}\n`);
      const took = `The faults took more than ${given.minutes} minutes`;
      const advice = 'what was over by then stands above. Allow more by --minutes.';
      throw new BenchError('outOfTime', `${took}; ${advice}`);
    }
    const verdicts = judgeFaults(result);
    const floods = result.floods === null ? null : floodReport(result.floods);
    const report = { machine, arguments: given, verdicts, ...result, floods };
    const json = keepResult('faults', report, markdown);
    output.out(`${given.json ? json : markdown}\n`);
  },
};

const nothing: FaultResult = { crashes: null, stall: null, kills: null, floods: null };

/** One kind of fault after the other. What each came to is told as soon as it is known. */
async function causeFaults(given: FaultArguments, output: BenchOutput) {
  const { crashes, kills, runs, minutes } = given;
  const parts: (() => Promise<Partial<FaultResult>>)[] = [
    async () => (crashes === 0 ? {} : { crashes: await crashRelayWorkers(given, output) }),
    async () => ({ stall: await stallMainThread(given, output) }),
    async () => (kills === 0 ? {} : { kills: await killServers(given, output) }),
    async () => (runs === 0 ? {} : { floods: await flood(given, output) }),
  ];
  let result = nothing;
  const isWhole = await runPartsInTime(parts, minutes * 60_000, (part) => {
    result = { ...result, ...part };
    output.err(formatFaultPart({ ...nothing, ...part }));
  });
  return { result, isWhole };
}

async function flood(given: FaultArguments, output: BenchOutput): Promise<FloodComparison> {
  const { floodSpeakers, seconds, runs } = given;
  const rig = await openRelayRig({ ...faultRigOptions(given, floodedMembers), guests: 1 });
  try {
    const capacity = floodSpeakers === null ? await capacityOf(rig, output) : null;
    const speakersPerRoom = capacity === null ? floodSpeakers! : quarterOf(capacity);
    const load = { speakersPerRoom, framesPerSecond, warmUpSeconds, seconds };
    return { ...(await compareFloods(rig, load, runs, output)), capacity };
  } finally {
    await rig.close();
  }
}

function capacityOf(rig: RelayRig, output: BenchOutput): Promise<Capacity> {
  const load = { framesPerSecond, warmUpSeconds, speakersMax: floodedMembers };
  return findRelayCapacity('server', rig.runServer, load, output);
}
