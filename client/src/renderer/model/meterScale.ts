/** Quieter than this is nothing on a meter, in dB of full scale. */
export const meterFloorDbfs = -60;

/** Where on a meter a level stands: 0 … 1, even steps of loudness. Pure. */
export function shareOfMeter(levelDbfs: number): number {
  return Math.min(1, Math.max(0, 1 - levelDbfs / meterFloorDbfs));
}
