/**
 * How loud one of two voices is in a mix, by what it is alone.
 *
 * @param mix of both, mono, on one time line with them
 * @param own of the voice
 * @param other of the other one, which is in the mix as it is
 */
export function loudnessIn(mix: Float32Array, own: Float32Array, other: Float32Array): number {
  let [both, square] = [0, 0];
  for (let i = 0; i < own.length; i++) {
    // What is louder has been limited.
    if (Math.abs(own[i]! + other[i]!) > 0.8) continue;
    both += (mix[i]! - other[i]!) * own[i]!;
    square += own[i]! * own[i]!;
  }
  return both / square;
}
