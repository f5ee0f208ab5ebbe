// Thread entry: lists the sound devices whenever it is asked to, each time as they are now. It is
// started anew where PortAudio could not be loaded.
import { parentPort } from 'node:worker_threads';
import { ClientError } from '../../clientError.js';
import { faultOf } from '../../sessionFaults.js';
import { listDevices, withPortAudio } from './portAudioDevices.js';
import { loadPortAudio } from './portAudioLibrary.js';
import type { PortAudioLibrary } from './portAudioLibraryCalls.js';
import type { ListAnswer } from './portAudioLister.js';

const port = parentPort!;
try {
  const portAudio = loadPortAudio();
  port.on('message', () => port.postMessage(answer(portAudio)));
} catch (error) {
  port.postMessage(faultAnswer(error));
}

function answer(portAudio: PortAudioLibrary): ListAnswer {
  try {
    const listed = withPortAudio(portAudio, () => listDevices(portAudio));
    return { kind: 'devices', devices: listed.map(({ info }) => info) };
  } catch (error) {
    return faultAnswer(error);
  }
}

function faultAnswer(error: unknown): ListAnswer {
  if (!(error instanceof ClientError)) throw error;
  return { kind: 'fault', fault: faultOf(error) };
}
