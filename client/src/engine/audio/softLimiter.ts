/** Up to here a sample stays as it is; what is louder is bent so that it never reaches 1. */
const kneeLevel = 0.8;

/**
 * Turns a mix into samples: voices that add up to more than full scale are bent, not cut, so that
 * two loud speakers stay two voices. Pure; allocates nothing.
 *
 * @param mix the sum of all voices, 1 being full scale; limited in place
 * @param out as long as `mix`
 */
export function limitMix(mix: Float32Array, out: Int16Array): void {
  limitInPlace(mix);
  for (let i = 0; i < mix.length; i++) out[i] = Math.round(mix[i]! * 32_767);
}

/** The same for a mix that stays as it is otherwise. */
export function limitInPlace(mix: Float32Array): void {
  const room = 1 - kneeLevel;
  for (let i = 0; i < mix.length; i++) {
    const level = Math.abs(mix[i]!);
    if (level <= kneeLevel) continue;
    // From the knee on, with the same slope there, towards 1. Not a function of one sample: the
    // fraction that it returned would be an object.
    mix[i] = Math.sign(mix[i]!) * (kneeLevel + room * Math.tanh((level - kneeLevel) / room));
  }
}
