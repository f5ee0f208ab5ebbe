// Thread entry: one side of a sound device, between PortAudio and a ring. It never awaits: it asks
// the driver how much can be moved, moves it, and blocks in Atomics.wait until more may be there.
import { parentPort, workerData } from 'node:worker_threads';
import { ClientError } from '../../clientError.js';
import { monotonicMs } from '../monotonicClock.js';
import { deviceLimits } from './deviceLimits.js';
import { withPortAudio } from './portAudioDevices.js';
import { PaError } from './portAudioFaults.js';
import { loadPortAudio } from './portAudioLibrary.js';
import type { PortAudioLibrary } from './portAudioLibraryCalls.js';
import { startStream, type PortAudioStreamData, type RunningStream } from './portAudioStream.js';
import { announceStream, reportFault, type OwnStream } from './streamThread.js';

/** What became of a try to move one buffer: how long to wait for the next, or a PaError. */
type Mover = () => number;

const movedAtOnce = 0;

try {
  const portAudio = loadPortAudio();
  withPortAudio(portAudio, () => runStream(portAudio));
  portAudio.unload();
} catch (error) {
  if (!(error instanceof ClientError)) throw error;
  reportFault(parentPort!, error);
}

function runStream(portAudio: PortAudioLibrary): void {
  const running = startStream(portAudio, workerData as PortAudioStreamData);
  const own = announceStream(parentPort!, running.format);
  const move = running.format.direction === 'input' ? captureMover : playMover;
  const fault = moveUntilClosed(portAudio, own, move(portAudio, running, own), running);
  // Told before the driver is let go, which may hang where its device is gone.
  if (fault !== null) reportFault(parentPort!, fault);
  portAudio.closeStream(running.native);
}

/** @returns why it ended, or null where the ring was closed */
function moveUntilClosed(
  portAudio: PortAudioLibrary,
  { ring, columns }: OwnStream,
  move: Mover,
  { format }: RunningStream,
): ClientError | null {
  let movedMs = monotonicMs();
  for (;;) {
    const signal = ring.header.signal;
    if (ring.header.closed) return null;
    const waitMs = move();
    if (waitMs === movedAtOnce) {
      movedMs = monotonicMs();
      columns.framesMoved.add(0, format.bufferFrames);
      ring.header.wake();
    } else if (waitMs < 0) {
      return lostFault(format.deviceName, portAudio.errorText(waitMs));
    } else if (monotonicMs() - movedMs > deviceLimits.stallMsMax) {
      return lostFault(format.deviceName, 'it does not move any more');
    } else {
      ring.header.sleep(signal, waitMs);
    }
  }
}

function lostFault(deviceName: string, reason: string): ClientError {
  const message = `the sound device "${deviceName}" is lost: ${reason}`;
  return new ClientError('audioDeviceFailed', `${message}; plug it in anew or choose another`);
}

function captureMover(
  portAudio: PortAudioLibrary,
  { native, format: { bufferFrames, channels, sampleRate } }: RunningStream,
  { ring, columns }: OwnStream,
): Mover {
  const buffer = new Float32Array(bufferFrames * channels);
  return () => {
    const available = portAudio.readAvailable(native);
    if (available < 0) return available;
    if (available < bufferFrames) return waitFor(bufferFrames - available, sampleRate);
    const error = portAudio.read(native, buffer, bufferFrames);
    if (error === PaError.InputOverflowed) columns.overruns.add(0, 1);
    else if (error < 0) return error;
    if (!ring.push(buffer)) columns.overruns.add(0, 1);
    return movedAtOnce;
  };
}

function playMover(
  portAudio: PortAudioLibrary,
  { native, format: { bufferFrames, channels, sampleRate } }: RunningStream,
  { ring, columns }: OwnStream,
): Mover {
  const buffer = new Float32Array(bufferFrames * channels);
  // All that the driver holds may be written to at its start.
  let capacity = bufferFrames;
  let hasBegun = false;
  return () => {
    const available = portAudio.writeAvailable(native);
    if (available < 0) return available;
    if (available > capacity) capacity = available;
    if (available < bufferFrames) return waitFor(bufferFrames - available, sampleRate);
    if (ring.pop(buffer)) {
      hasBegun = true;
    } else {
      // What the driver still holds is time in which sound may come.
      const ahead = capacity - available;
      if (ahead > bufferFrames / 2) return waitFor(ahead - bufferFrames / 2, sampleRate);
      buffer.fill(0);
      if (hasBegun) {
        columns.underruns.add(0, 1);
        columns.shortfalls.add(0, 1);
      }
    }
    const error = portAudio.write(native, buffer, bufferFrames);
    if (error === PaError.OutputUnderflowed) columns.underruns.add(0, 1);
    else if (error < 0) return error;
    return movedAtOnce;
  };
}

/** Until so many frames have passed, bounded: drivers move in lumps of their own. */
function waitFor(frames: number, sampleRate: number): number {
  const ms = (1_000 * frames) / sampleRate;
  return Math.min(Math.max(ms, deviceLimits.pollMsMin), deviceLimits.pollMsMax);
}
