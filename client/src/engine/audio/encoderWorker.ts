// Thread entry: PCM ring → Opus → packet ring. It blocks in Atomics.wait, so it never awaits.
import { parentPort, workerData } from 'node:worker_threads';
import { frameSamplesMax } from './audioLimits.js';
import { encodedFrameBytesMax, encodedPayloadAt, writeEncodedFrame } from './encodedFrame.js';
import { encoderTable, type EncoderWorkerData } from './encoderThread.js';
import { OpusEncoder } from './opusCodec.js';
import { OpusLibrary } from './opusLibrary.js';
import { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { SpscSampleRing } from './spscSampleRing.js';
import { voiceLevel } from './voiceLevel.js';

const data = workerData as EncoderWorkerData;
const pcm = new SpscSampleRing(data.pcm);
const packets = new SpscRecordRing(data.packets);
const wishes = encoderTable.attach(data.wishes).columns;
const encoder = new OpusEncoder(new OpusLibrary(), data.options);
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
  let { bitrate, fec } = data.options;
  for (let index = 0; ;) {
    const signal = pcm.header.signal;
    const isClosed = pcm.header.closed;
    const hasFrame = pcm.header.used > 0;
    // Looked at after the frame has come: its length was set before.
    const samples = wishes.frameSamples.load(0);
    if (samples !== frame.length) frame = longest.subarray(0, samples);
    if (hasFrame && pcm.pop(frame)) {
      const wishedBitrate = wishes.bitrate.load(0);
      if (wishedBitrate !== bitrate) encoder.setBitrate(wishedBitrate);
      bitrate = wishedBitrate;
      const wishedFec = wishes.isFecOn.load(0) === 1 ? 'inBand' : 'off';
      if (wishedFec !== fec) encoder.setFec(wishedFec);
      fec = wishedFec;
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
