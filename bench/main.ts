import { runNamedBench } from './bench.js';
import { describeMachine, formatMachine } from './machine.js';
import { quicEndpointBench } from './micro/quicEndpoint.js';

const benches = [quicEndpointBench];
const machine = formatMachine(describeMachine());

process.exitCode = await runNamedBench(benches, process.argv.slice(2), machine, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
