// Thread entry: packets from the network thread → jitter buffers → Opus → mix → WAV. It blocks in
// Atomics.wait until the next tick, so it never awaits.
import { parentPort, workerData } from 'node:worker_threads';
import { ClientError } from '../clientError.js';
import { tickMs } from './audioLimits.js';
import { monotonicMs } from './monotonicClock.js';
import { OpusLibrary } from './opusLibrary.js';
import { Recording } from './recording.js';
import { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import type { DecoderMessage, DecoderWorkerData } from './speechRecorder.js';
import { recordBodyAt, RecordKind, VoiceRecordReader } from './voiceRecords.js';

const { ring, outPath, perSpeakerFolder } = workerData as DecoderWorkerData;

try {
  run(new Recording(new OpusLibrary(), outPath, perSpeakerFolder), new SpscRecordRing(ring));
} catch (error) {
  if (!(error instanceof ClientError)) throw error;
  say({ kind: 'fault', code: error.code, message: error.message });
}

function run(recording: Recording, records: SpscRecordRing): void {
  say({ kind: 'ready' });
  const record = new VoiceRecordReader(records);
  let startMs = Infinity;
  for (;;) {
    const signal = records.header.signal;
    while (record.next()) {
      // Each record takes effect when it was asked for, however late this thread comes to it: a
      // machine that is busy for a while does not turn into a network that stood still.
      const { atMs, kind } = record;
      tickUntil(recording, startMs, atMs);
      if (kind === RecordKind.Start) startMs = atMs;
      else if (kind === RecordKind.Close) {
        say({ kind: 'summary', summary: recording.close(records.header.overruns) });
        return;
      } else apply(recording, record);
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

function apply(recording: Recording, record: VoiceRecordReader): void {
  const { token } = record;
  switch (record.kind) {
    case RecordKind.Packet: {
      const { counter, timestamp, endOfSpurt, bytes, payloadBytes } = record;
      recording.push(token, counter, timestamp, endOfSpurt, bytes, recordBodyAt, payloadBytes);
      return;
    }
    case RecordKind.AddSpeaker:
      recording.addSpeaker(token, record.displayName);
      return;
    case RecordKind.RemoveSpeaker:
      recording.removeSpeaker(token);
      return;
    case RecordKind.SetSound:
      recording.setPriority(token, record.sound.hasPriority);
      return;
    default:
      throw new RangeError(`no such record: ${record.kind}`);
  }
}

function say(message: DecoderMessage): void {
  parentPort!.postMessage(message);
}
