/** A sample as 16 bit. @param sample −1…1; what is beyond is clipped */
export function toInt16(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
}
