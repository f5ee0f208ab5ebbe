import type { FigureId } from './figures.js';

/**
 * Above which a figure is shown in red, and why there. What is missing here is never wrong by
 * itself.
 *
 * - pings: both ways of the 150 ms that ITU-T G.114 allows before people interrupt each other
 * - loss: what FEC and concealment still hide; beyond it words get lost
 * - jitter: two frames; the buffer has to grow beyond what goes unnoticed
 * - depth, delay: alone as much as a whole conversation may have
 * - drops, underruns: each can be heard, or would have been
 * - ringMicrophone: ten buffers of the device; capturing does not keep up
 * - ringReceived, ringCaptured: half full; the thread behind it stands still
 * - loopDelay: more than two frames wait for the network's thread
 * - loopBusy: what comes at once waits for what came before
 * - captureBusy, playbackBusy: half of a core for sound leaves nothing for a bad moment
 * - cpu: more than two cores for one client
 */
export const figureLimits = {
  pingControl: 300,
  pingVoice: 300,
  loss: 5,
  jitter: 40,
  depth: 200,
  delay: 250,
  drops: 0,
  underruns: 0,
  ringMicrophone: 100,
  ringReceived: 50,
  ringCaptured: 50,
  loopDelay: 50,
  loopBusy: 80,
  captureBusy: 50,
  playbackBusy: 50,
  cpu: 200,
} as const satisfies Readonly<Partial<Record<FigureId, number>>>;

/** A figure that can be beyond what is good. */
export type LimitedFigure = keyof typeof figureLimits;

/** Above which a figure is beyond what is good; undefined: none is. Pure. */
export function limitOf(id: FigureId): number | undefined {
  const limits: Readonly<Partial<Record<FigureId, number>>> = figureLimits;
  return limits[id];
}

/** Whether a figure is beyond what is good; what is not known is not. Pure. */
export function isOverLimit(id: FigureId, value: number | null): boolean {
  const limit = limitOf(id);
  return limit !== undefined && value !== null && value > limit;
}
