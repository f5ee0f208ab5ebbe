// Thread entry: playback ring → WAV file, by the clock. It blocks in Atomics.wait, so it never
// awaits.
import { parentPort, workerData } from 'node:worker_threads';
import { ClientError } from '../../clientError.js';
import { toInt16 } from '../toInt16.js';
import { WavWriter } from '../wavWriter.js';
import { BufferClock } from './bufferClock.js';
import type { FileOutputData } from './fileDevice.js';
import { announceStream, reportFault } from './streamThread.js';

const data = workerData as FileOutputData;
const { sampleRate, channels, bufferFrames } = data;
try {
  writeFile();
} catch (error) {
  if (!(error instanceof ClientError)) throw error;
  reportFault(parentPort!, error);
}

function writeFile(): void {
  const format = { sampleRate, audioChannels: channels };
  const file = data.outPath === null ? null : new WavWriter(data.outPath, format);
  try {
    playUntilClosed(file);
  } finally {
    file?.close();
  }
}

function playUntilClosed(file: WavWriter | null): void {
  const { deviceName, driftPpm } = data;
  const { ring, columns } = announceStream(parentPort!, {
    direction: 'output',
    deviceName,
    sampleRate,
    channels,
    bufferFrames,
  });
  const bufferMs = (1_000 * bufferFrames) / sampleRate;
  const clock = new BufferClock(bufferMs, driftPpm);
  const buffer = new Float32Array(bufferFrames * channels);
  const written = new Int16Array(buffer.length);
  for (let hasBegun = false; ;) {
    const signal = ring.header.signal;
    if (ring.header.closed) return;
    const dueInMs = clock.dueInMs();
    if (dueInMs > 0) {
      ring.header.sleep(signal, dueInMs);
      continue;
    }
    const isLate = dueInMs < -bufferMs;
    const hasSound = ring.pop(buffer);
    if (!hasSound) buffer.fill(0);
    hasBegun ||= hasSound;
    if (hasBegun && (isLate || !hasSound)) columns.underruns.add(0, 1);
    if (hasBegun && !hasSound) columns.shortfalls.add(0, 1);
    // Who is late would else take faster than anybody can fill, and tear the sound.
    if (isLate) clock.restart();
    else clock.count();
    for (let i = 0; i < buffer.length; i++) written[i] = toInt16(buffer[i]!);
    file?.write(written);
    columns.framesMoved.add(0, bufferFrames);
    ring.header.wake();
  }
}
