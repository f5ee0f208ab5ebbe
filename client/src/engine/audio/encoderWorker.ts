// Thread entry: PCM ring → Opus → packet ring. It blocks in Atomics.wait, so it never awaits.
import { parentPort, workerData } from 'node:worker_threads';
import { frameSamplesMax } from './audioLimits.js';
import { encodedFrameBytesMax, encodedPayloadAt, writeEncodedFrame } from './encodedFrame.js';
import type { EncoderWorkerData } from './encoderThread.js';
import { encoderTable, WishedEncoder } from './encoderWishes.js';
import { OpusLibrary } from './opusLibrary.js';
import { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { SpscSampleRing } from './spscSampleRing.js';
import { voiceLevel } from './voiceLevel.js';

const data = workerData as EncoderWorkerData;
const pcm = new SpscSampleRing(data.pcm);
const packets = new SpscRecordRing(data.packets);
const wishes = encoderTable.attach(data.wishes);
const encoder = new WishedEncoder(new OpusLibrary(), data.options, wishes);
parentPort!.postMessage('ready');
encodeUntilClosed();
encoder.free();
packets.header.close();

function encodeUntilClosed(): void {
  const longest = new Float32Array(frameSamplesMax);
  let frame = longest;
  const record = new Uint8Array(encodedFrameBytesMax);
  const fields = new DataView(record.buffer);
  const payload = record.subarray(encodedPayloadAt);
  for (let index = 0; ;) {
    const signal = pcm.header.signal;
    const isClosed = pcm.header.closed;
    const hasFrame = pcm.header.used > 0;
    // Looked at after the frame has come: its length was set before.
    const samples = encoder.frameSamples;
    if (samples !== frame.length) frame = longest.subarray(0, samples);
    if (hasFrame && pcm.pop(frame)) {
      const payloadBytes = encoder.encode(frame, payload);
      writeEncodedFrame(fields, index++, voiceLevel(frame));
      packets.push(record, encodedPayloadAt + payloadBytes, 0);
      packets.header.wake();
    } else if (isClosed) {
      return;
    } else {
      pcm.header.sleep(signal, Infinity);
    }
  }
}
