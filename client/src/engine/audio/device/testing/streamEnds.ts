import { SpscSampleRing } from '../../spscSampleRing.js';
import type { DeviceStream } from '../audioDevice.js';

/**
 * The test's side of a capturing stream. @returns the next samples, interleaved, `pieces` device
 * buffers of them; fewer where the stream ended
 */
export async function capture(stream: DeviceStream, pieces: number): Promise<Float32Array> {
  const ring = new SpscSampleRing(stream.ring);
  const out = new Float32Array(pieces * stream.bufferFrames * stream.channels);
  const piece = stream.bufferFrames * stream.channels;
  for (let at = 0; at < out.length;) {
    const signal = ring.header.signal;
    const isClosed = ring.header.closed;
    if (ring.pop(out.subarray(at, at + piece))) at += piece;
    else if (isClosed) return out.subarray(0, at);
    else await ring.header.sleepAsync(signal);
  }
  return out;
}

/** The test's side of a playing stream: plays all samples; resolves once the device took them. */
export async function play(stream: DeviceStream, samples: Float32Array): Promise<void> {
  const ring = new SpscSampleRing(stream.ring);
  const piece = stream.bufferFrames * stream.channels;
  for (let at = 0; at < samples.length;) {
    const signal = ring.header.signal;
    if (ring.header.closed) return;
    const part = samples.subarray(at, at + piece);
    if (ring.free >= part.length && ring.push(part)) at += part.length;
    else await ring.header.sleepAsync(signal);
  }
  for (;;) {
    const signal = ring.header.signal;
    if (ring.header.closed || ring.header.used < piece) return;
    await ring.header.sleepAsync(signal);
  }
}
