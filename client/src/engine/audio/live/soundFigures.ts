import { RingHeader, ringHeaderBytes } from '@rookery/schemas/ringHeader';
import type { DeviceStream } from '../device/audioDevice.js';

/** How full a ring between two threads is. */
export interface RingFill {
  readonly usedBytes: number;
  readonly capacityBytes: number;
  /** Sound that waits in it, where it holds samples. */
  readonly heldMs: number | null;
  /** Pushes that found no room, so far. */
  readonly overruns: number;
}

/** The rings on the way of the sound. */
export const soundRings = ['microphone', 'captured', 'received', 'headphones'] as const;

/**
 * - `microphone`: the device's samples on their way to the capture thread
 * - `captured`: encoded frames on their way to the network
 * - `received`: packets on their way to the playback thread
 * - `headphones`: samples that are ready for the device
 */
export type SoundRing = (typeof soundRings)[number];

/** What the threads of sound do. Counts wrap at 2^32. */
export interface SoundFigures {
  /** null where there is no device. */
  readonly rings: Readonly<Record<SoundRing, RingFill | null>>;
  /** Time that each thread was at work, so far. */
  readonly captureBusyUs: number;
  readonly playbackBusyUs: number;
  /** Sound that is to be ready for the device, and what was left of it at the last turn. */
  readonly outputTargetMs: number;
  readonly outputHeldMs: number;
  /** Packets of nobody who is known, and those for which the playback thread was too late. */
  readonly packetsUnknown: number;
  readonly packetsDropped: number;
  /** Those who spoke while there was no room for their figures. */
  readonly speakersUnlisted: number;
}

/** @param memory of any ring between two threads */
export function ringFill(memory: SharedArrayBuffer, bytesPerUnit: number): RingFill {
  const header = new RingHeader(memory);
  return {
    usedBytes: header.used * bytesPerUnit,
    capacityBytes: memory.byteLength - ringHeaderBytes,
    heldMs: null,
    overruns: header.overruns,
  };
}

/** The same of a device's samples; null: there is no device. */
export function streamFill(stream: DeviceStream | null): RingFill | null {
  if (stream === null) return null;
  const { ring, channels, sampleRate } = stream;
  const fill = ringFill(ring, Float32Array.BYTES_PER_ELEMENT);
  const frameBytes = channels * Float32Array.BYTES_PER_ELEMENT;
  return { ...fill, heldMs: (fill.usedBytes / frameBytes / sampleRate) * 1_000 };
}
