/** RMS from which a frame is level 1, in dB of full scale; below is silence. */
const floorDb = -60;
const stepDb = 4;
const levelMax = 15;

/**
 * How loud a frame is, as the voice header says it: 0 below −60 dBFS, then 4 dB a step, 15 from −4
 * dBFS. Speech at a usual distance is 8 to 12. Pure; allocates nothing.
 *
 * @param pcm samples, −1…1
 * @returns 0 … 15, of their root mean square
 */
export function voiceLevel(pcm: Float32Array): number {
  let power = 0;
  for (let i = 0; i < pcm.length; i++) power += pcm[i]! * pcm[i]!;
  const rmsDb = 10 * Math.log10(power / pcm.length);
  if (!(rmsDb >= floorDb)) return 0;
  return Math.min(levelMax, 1 + Math.floor((rmsDb - floorDb) / stepDb));
}
