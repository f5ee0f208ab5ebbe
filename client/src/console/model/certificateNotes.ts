import type { LiveFigures } from '@rookery/schemas/adminApi';

/** A sentence of the console about the certificate, and what stands in it. */
export type CertificateNote =
  | { readonly key: 'certificateEnds' | 'certificateEnded'; readonly endsMs: number }
  | { readonly key: 'certificateFault'; readonly fault: string };

/**
 * What somebody has to be told of the certificate; nothing while all is well. Pure.
 *
 * @param nowMs by the server's clock, milliseconds since 1970
 */
export function certificateNotes(
  { validToMs, warnFromMs, fault }: LiveFigures['certificate'],
  nowMs: number,
): readonly CertificateNote[] {
  const key = nowMs >= validToMs ? 'certificateEnded' : 'certificateEnds';
  return [
    ...(nowMs >= warnFromMs ? [{ key, endsMs: validToMs } as const] : []),
    ...(fault === null ? [] : [{ key: 'certificateFault', fault } as const]),
  ];
}
