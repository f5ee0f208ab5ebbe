// Process of a test: closes a stream whose sound server does not answer, and comes to its end.
import { parseArgs } from 'node:util';
import { openPortAudio } from '../portAudioDevice.js';

const { server } = parseArgs({ options: { server: { type: 'string' } } }).values;
const device = openPortAudio();
await device.open('output', null, 10);
process.kill(Number(server), 'SIGSTOP');
await device.close();
process.exitCode = 7;
