// Thread entry: WAV file → capture ring, by the clock. It blocks in Atomics.wait, so it never
// awaits.
import { parentPort, workerData } from 'node:worker_threads';
import { BufferClock } from './bufferClock.js';
import type { FileInputData } from './fileDevice.js';
import { announceStream } from './streamThread.js';

const { deviceName, sound, repeat, bufferFrames, driftPpm } = workerData as FileInputData;
const { sampleRate, audioChannels: channels, samples } = sound;
const { ring, columns } = announceStream(parentPort!, {
  direction: 'input',
  deviceName,
  sampleRate,
  channels,
  bufferFrames,
});
captureUntilClosed();

function captureUntilClosed(): void {
  const clock = new BufferClock((1_000 * bufferFrames) / sampleRate, driftPpm);
  const buffer = new Float32Array(bufferFrames * channels);
  for (let position = 0; ;) {
    const signal = ring.header.signal;
    if (ring.header.closed) return;
    const dueInMs = clock.dueInMs();
    if (dueInMs > 0) {
      ring.header.sleep(signal, dueInMs);
      continue;
    }
    position = readOn(position, buffer);
    if (!ring.push(buffer)) columns.overruns.add(0, 1);
    clock.count();
    columns.framesMoved.add(0, bufferFrames);
    ring.header.wake();
  }
}

/** Fills `out` from `position` on. @returns the position after it */
function readOn(position: number, out: Float32Array): number {
  for (let done = 0; done < out.length;) {
    if (position === samples.length && repeat === 'loop') position = 0;
    if (position === samples.length) {
      out.fill(0, done);
      break;
    }
    const part = samples.subarray(position, position + out.length - done);
    out.set(part, done);
    position += part.length;
    done += part.length;
  }
  return position;
}
