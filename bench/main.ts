import { audioBench } from './audio/audioBench.js';
import { benchOfFigures, runNamedBench } from './bench.js';
import { botsBench } from './bots/botsBench.js';
import { certificateSwapBench } from './certificateSwap/certificateSwapBench.js';
import { chatBench } from './chat/chatBench.js';
import { driftBench } from './drift/driftBench.js';
import { faultsBench } from './faults/faultsBench.js';
import { historyBench } from './history/historyBench.js';
import { hostileBench } from './hostile/hostileBench.js';
import { describeMachine, formatMachine } from './machine.js';
import { quicEndpointBench } from './micro/quicEndpoint.js';
import { relayPathBench } from './micro/relayPath.js';
import { mouthToEarBench } from './mouthToEar/mouthToEarBench.js';
import { operatorBench } from './operator/operatorBench.js';
import { readmeTables } from './readmeTables.js';
import { storeBench } from './micro/store.js';
import { jitterBench } from './jitter/jitterBench.js';
import { loginFloodBench } from './loginFlood/loginFloodBench.js';
import { memoryBench } from './memory/memoryBench.js';
import { muteBench } from './mute/muteBench.js';
import { pluginsBench } from './plugins/pluginsBench.js';
import { reconnectBench } from './reconnect/reconnectBench.js';
import { relayBench } from './relay/relayBench.js';
import { keepFigures } from './results.js';
import { soakBench } from './soak/soakBench.js';
import { stateBench } from './state/stateBench.js';
import { updateBench } from './update/updateBench.js';
import { windowBench } from './window/windowBench.js';

const machine = formatMachine(describeMachine());
const benches = [
  relayBench,
  faultsBench,
  chatBench,
  reconnectBench,
  updateBench,
  loginFloodBench,
  memoryBench,
  botsBench,
  soakBench,
  operatorBench,
  historyBench,
  hostileBench,
  certificateSwapBench,
  jitterBench,
  audioBench,
  driftBench,
  mouthToEarBench,
  windowBench,
  muteBench,
  pluginsBench,
  benchOfFigures(relayPathBench, machine),
  benchOfFigures(quicEndpointBench, machine),
  benchOfFigures(storeBench, machine, keepFigures('store')),
  benchOfFigures(stateBench, machine, keepFigures('state')),
  readmeTables,
];

// So that what was started ends too, and what was written is removed.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const exitCode = await runNamedBench(benches, process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
// A bench that gave up may have left something running, which ends with this process.
if (exitCode !== 0) process.exit(exitCode);
