// Thread entry: PCM ring → Opus → packet ring. It blocks in Atomics.wait, so it never awaits.
import { parentPort, workerData } from 'node:worker_threads';
import { frameSamples } from '@rookery/schemas/voicePacket';
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
  const frame = new Float32Array(frameSamples);
  const record = new Uint8Array(encodedFrameBytesMax);
  const fields = new DataView(record.buffer);
  const payload = record.subarray(encodedPayloadAt);
  let bitrate = data.options.bitrate;
  for (let index = 0; ;) {
    const signal = pcm.header.signal;
    const isClosed = pcm.header.closed;
    if (pcm.pop(frame)) {
      const wished = wishes.bitrate.load(0);
      if (wished !== bitrate) encoder.setBitrate(wished);
      bitrate = wished;
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
