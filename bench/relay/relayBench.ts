import type { Bench, BenchOutput } from '../bench.js';
import { describeMachine, formatMachine } from '../machine.js';
import { parseRelayArguments, relayUsage, type RelayArguments } from './relayArguments.js';
import { compareRuns, figuresOf, ratioToFloor, type Comparison } from './relayComparison.js';
import { runRelayGrid } from './relayGrid.js';
import { formatFigures, relayNotes } from './relayReport.js';
import { openRelayRig, type RelayRig, type RelayRigOptions } from './relayRig.js';

/**
 * The server's voice plane under load, and the same load on the C floor in the same run. Only
 * loopback; ends by itself.
 */
export const relayBench: Bench = {
  name: 'relay',
  summary: 'the voice plane of a real server under load, against the same fan-out in C',
  options: relayUsage(),
  run: async (args, output) => {
    const given = parseRelayArguments(args);
    const text = given.grid ? await runRelayGrid(given, output) : await runOneLoad(given, output);
    output.out(`${text}\n`);
  },
};

async function runOneLoad(given: RelayArguments, output: BenchOutput): Promise<string> {
  output.err(`logging ${given.rooms * (given.receivers + 1)} sessions in\n`);
  const rig = await openRelayRig(rigOptionsOf(given));
  let comparison: Comparison;
  try {
    comparison = await compareRuns(rig, loadOf(given), given.runs, output);
  } finally {
    await rig.close();
  }
  return given.json ? formatJson(given, comparison) : formatText(given, rig, comparison);
}

function rigOptionsOf(given: RelayArguments): RelayRigOptions {
  const { rooms, receivers, sockets, payloadBytes, workers, bundleWindowMs } = given;
  const membersPerRoom = receivers + 1;
  return { rooms, membersPerRoom, sockets, payloadBytes, workers, bundleWindowMs };
}

function loadOf({ speakers, framesPerSecond, warmUpSeconds, seconds }: RelayArguments) {
  return { speakersPerRoom: speakers, framesPerSecond, warmUpSeconds, seconds };
}

function formatText(given: RelayArguments, rig: RelayRig, comparison: Comparison): string {
  const { receivers, speakers, rooms, seconds, runs, payloadBytes } = given;
  const { server, floor } = comparison;
  const ratio = ratioToFloor(comparison);
  const drops = server.flatMap((run) => Object.entries(run.drops));
  return [
    `${rooms} rooms, ${receivers} receivers, ${speakers} speakers each, ${payloadBytes} bytes; ` +
      `${seconds} s measured, medians of ${runs} runs, ${rig.socketKind} sockets`,
    '',
    formatFigures(figuresOf(server), floor.length === 0 ? null : figuresOf(floor)),
    '',
    ratio === null
      ? 'no C compiler on this machine: there is no floor, and no ratio to it'
      : `ratio to the floor      ${ratio.toFixed(3)} (frames per CPU second)`,
    ...drops.map(([reason, packets]) => `relay counted           ${reason} ${packets}`),
    '',
    formatMachine(describeMachine()),
    ...relayNotes,
  ].join('\n');
}

function formatJson(given: RelayArguments, comparison: Comparison): string {
  const { server, floor } = comparison;
  const result = {
    machine: describeMachine(),
    arguments: given,
    ratioToFloor: ratioToFloor(comparison),
    server: figuresOf(server),
    floor: floor.length === 0 ? null : figuresOf(floor),
    runs: comparison,
  };
  return JSON.stringify(result, null, 2);
}
