/** A time as people here write it, to the minute: `2026-11-21 09:30`. @param ms since 1970 */
export function localTime(ms: number): string {
  // Sweden writes it as ISO 8601 does.
  return new Date(ms).toLocaleString('sv-SE').slice(0, 16);
}
