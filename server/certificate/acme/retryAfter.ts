/**
 * Reads Retry-After (RFC 9110 section 10.2.3): whole seconds, or a date of HTTP. Pure.
 *
 * @param header as it came; undefined where there was none
 * @param nowMs milliseconds since 1970
 * @returns milliseconds, 0 or more; null where nothing is said that can be read
 */
export function readRetryAfter(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  // Every form of a date of HTTP begins with the name of a day.
  const atMs = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
