/** Up to here a sample stays as it is; what is louder is bent so that it never reaches 1. */
const kneeLevel = 0.8;

/**
 * Turns a mix into samples: voices that add up to more than full scale are bent, not cut, so that
 * two loud speakers stay two voices. Pure; allocates nothing.
 *
 * @param mix the sum of all voices, 1 being full scale
 * @param out as long as `mix`
 */
export function limitMix(mix: Float32Array, out: Int16Array): void {
  for (let i = 0; i < mix.length; i++) out[i] = Math.round(limited(mix[i]!) * 32_767);
}

/** The same for one sample of a mix that stays as it is otherwise. */
export function limited(sample: number): number {
  const level = Math.abs(sample);
  return level <= kneeLevel ? sample : Math.sign(sample) * bend(level);
}

/** From the knee on, with the same slope there, towards 1. */
function bend(level: number): number {
  const room = 1 - kneeLevel;
  return kneeLevel + room * Math.tanh((level - kneeLevel) / room);
}
