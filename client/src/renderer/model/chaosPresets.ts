import type { ChaosSettings } from '@rookery/client/engine/audio/tools/chaos';

/** What is simulated, in the order of the sliders; words are `developer.chaos.ID`. */
export const chaosSliders = [
  { id: 'lossPct', max: 100, unit: '%' },
  { id: 'burstLength', min: 1, max: 20, unit: '' },
  { id: 'delayMs', max: 1_000, unit: 'ms' },
  { id: 'jitterMs', max: 1_000, unit: 'ms' },
  { id: 'reorderPct', max: 100, unit: '%' },
  { id: 'duplicatePct', max: 100, unit: '%' },
] as const satisfies readonly {
  readonly id: keyof ChaosSettings;
  readonly min?: number;
  readonly max: number;
  readonly unit: string;
}[];

/** A network in which nothing is wrong. */
export const goodNetwork: ChaosSettings = {
  lossPct: 0,
  burstLength: 1,
  delayMs: 0,
  jitterMs: 0,
  reorderPct: 0,
  duplicatePct: 0,
};

/**
 * Networks as people have them. Words are `developer.preset.ID`.
 *
 * - `badWifi`: losses in short bursts and fits of delay, where many share a channel
 * - `mobile`: a cell at its edge: long and uneven delay, and now and then a hole
 */
export const chaosPresets = {
  badWifi: {
    lossPct: 8,
    burstLength: 3,
    delayMs: 10,
    jitterMs: 60,
    reorderPct: 1,
    duplicatePct: 0,
  },
  mobile: {
    lossPct: 3,
    burstLength: 6,
    delayMs: 80,
    jitterMs: 120,
    reorderPct: 0,
    duplicatePct: 0,
  },
} as const satisfies Readonly<Record<string, ChaosSettings>>;

export type ChaosPreset = keyof typeof chaosPresets;

/** Whether a network does nothing to what goes through it. Pure. */
export function isHarmless(settings: ChaosSettings): boolean {
  return chaosSliders.every(({ id }) => id === 'burstLength' || settings[id] === 0);
}
