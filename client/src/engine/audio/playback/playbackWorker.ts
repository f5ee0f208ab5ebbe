// Thread entry: packets from the network thread → jitter buffers → Opus → mix → the device's ring.
// It blocks in Atomics.wait until the device has taken something, so it never awaits.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { SpscRecordRing } from '@rookery/schemas/spscRecordRing';
import { monotonicMs } from '../monotonicClock.js';
import { OpusLibrary } from '../opusLibrary.js';
import { SpscSampleRing } from '../spscSampleRing.js';
import { VoiceRecordReader } from '../voiceRecords.js';
import { Playback } from './playback.js';
import { PlaybackLoop, type PlaybackCommand } from './playbackLoop.js';
import { playbackTable, speakerTable } from './playbackTables.js';
import type { PlaybackWorkerData } from './playbackThread.js';

const data = workerData as PlaybackWorkerData;
const records = new SpscRecordRing(data.records);
const table = playbackTable.attach(data.table);
const playback = new Playback(new OpusLibrary(), {
  speakers: speakerTable.attach(data.speakers),
  table,
  farEnd: new SpscSampleRing(data.farEnd),
});
const loop = new PlaybackLoop(playback, new VoiceRecordReader(records), nextCommand, table);
parentPort!.postMessage('ready');
run();
playback.free();
parentPort!.close();

function run(): void {
  while (!loop.isOver) {
    const header = loop.deviceHeader ?? records.header;
    const { signal } = header;
    const startMs = performance.now();
    const waitMs = loop.turn(monotonicMs());
    table.columns.busyUs.add(0, Math.round((performance.now() - startMs) * 1_000));
    if (waitMs > 0) header.sleep(signal, waitMs);
  }
}

/** The sender posts it before the record that announces it. */
function nextCommand(): PlaybackCommand {
  const received = receiveMessageOnPort(parentPort!);
  if (!received) throw new Error('a command was announced that was not posted');
  return received.message as PlaybackCommand;
}
