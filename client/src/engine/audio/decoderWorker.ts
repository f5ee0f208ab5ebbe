// Thread entry: packets from the network thread → jitter buffers → Opus → mix → WAV. It blocks in
// Atomics.wait until the next tick, so it never awaits.
import { parentPort, workerData } from 'node:worker_threads';
import { ClientError } from '../clientError.js';
import { tickMs } from './audioLimits.js';
import { monotonicMs } from './monotonicClock.js';
import { OpusLibrary } from './opusLibrary.js';
import {
  readPacketCounter,
  readPacketEndOfSpurt,
  readPacketTimestamp,
  readRecordAtMs,
  readRecordKind,
  readRecordToken,
  recordBodyAt,
  recordBytesMax,
  RecordKind,
  type DecoderMessage,
  type DecoderWorkerData,
} from './recorderProtocol.js';
import { Recording } from './recording.js';
import { SpscRecordRing } from '@rookery/schemas/spscRecordRing';

const { ring, outPath, perSpeakerFolder } = workerData as DecoderWorkerData;

try {
  run(new Recording(new OpusLibrary(), outPath, perSpeakerFolder), new SpscRecordRing(ring));
} catch (error) {
  if (!(error instanceof ClientError)) throw error;
  say({ kind: 'fault', code: error.code, message: error.message });
}

function run(recording: Recording, records: SpscRecordRing): void {
  say({ kind: 'ready' });
  const record = new Uint8Array(recordBytesMax);
  const fields = new DataView(record.buffer);
  let startMs = Infinity;
  for (;;) {
    const signal = records.header.signal;
    for (let bytes = records.pop(record); bytes >= 0; bytes = records.pop(record)) {
      // Each record takes effect when it was asked for, however late this thread comes to it: a
      // machine that is busy for a while does not turn into a network that stood still.
      const atMs = readRecordAtMs(fields);
      tickUntil(recording, startMs, atMs);
      const kind = readRecordKind(fields);
      if (kind === RecordKind.Start) startMs = atMs;
      else if (kind === RecordKind.Close) {
        say({ kind: 'summary', summary: recording.close(records.header.overruns) });
        return;
      } else apply(recording, kind, fields, record, bytes);
    }
    tickUntil(recording, startMs, monotonicMs());
    records.header.sleep(signal, dueMs(recording, startMs) - monotonicMs());
  }
}

/** Each tick is due when its 20 ms are over, on an absolute schedule, so that nothing drifts. */
function tickUntil(recording: Recording, startMs: number, nowMs: number): void {
  while (dueMs(recording, startMs) <= nowMs) recording.tick();
}

function dueMs(recording: Recording, startMs: number): number {
  return startMs + (recording.ticks + 1) * tickMs;
}

function apply(
  recording: Recording,
  kind: RecordKind,
  fields: DataView,
  record: Uint8Array,
  recordBytes: number,
): void {
  const token = readRecordToken(fields);
  switch (kind) {
    case RecordKind.Packet: {
      const counter = readPacketCounter(fields);
      const timestamp = readPacketTimestamp(fields);
      const endOfSpurt = readPacketEndOfSpurt(fields);
      const payloadBytes = recordBytes - recordBodyAt;
      recording.push(token, counter, timestamp, endOfSpurt, record, recordBodyAt, payloadBytes);
      return;
    }
    case RecordKind.AddSpeaker: {
      const name = new TextDecoder().decode(record.subarray(recordBodyAt, recordBytes));
      recording.addSpeaker(token, name);
      return;
    }
    case RecordKind.RemoveSpeaker:
      recording.removeSpeaker(token);
      return;
    case RecordKind.SetPriority:
      recording.setPriority(token, record[recordBodyAt] === 1);
      return;
    default:
      throw new RangeError(`no such record: ${kind}`);
  }
}

function say(message: DecoderMessage): void {
  parentPort!.postMessage(message);
}
