// Thread entry for tests: an encoder that says it is ready, takes a frame and dies of a bug.
import { parentPort, workerData } from 'node:worker_threads';
import type { EncoderWorkerData } from '../encoderThread.js';
import { SpscSampleRing } from '../spscSampleRing.js';

const pcm = new SpscSampleRing((workerData as EncoderWorkerData).pcm);
parentPort!.postMessage('ready');
const signal = pcm.header.signal;
if (pcm.header.used === 0) pcm.header.sleep(signal, Infinity);
throw new Error('a bug in the encoder');
