import type { FigureId } from './figures.js';

/** Figures that are drawn into one picture, on one scale. Its title is `developer.plot.ID`. */
export interface FigurePlot {
  readonly id: string;
  readonly figures: readonly FigureId[];
  /** What its scale shows at least, so that nothing much looks like nothing much. */
  readonly topMin: number;
}

/** In the order in which they stand. */
export const figurePlots = [
  { id: 'ping', figures: ['pingControl', 'pingVoice'], topMin: 20 },
  { id: 'loss', figures: ['loss', 'fec', 'plc'], topMin: 5 },
  { id: 'buffer', figures: ['jitter', 'depth', 'delay'], topMin: 60 },
  { id: 'bitrate', figures: ['bitrateIn', 'bitrateOut'], topMin: 50 },
  { id: 'rings', figures: ['ringMicrophone', 'ringHeadphones'], topMin: 20 },
  { id: 'loop', figures: ['loopDelay'], topMin: 20 },
  { id: 'busy', figures: ['cpu', 'captureBusy', 'playbackBusy'], topMin: 50 },
] as const satisfies readonly FigurePlot[];
