import type { LiveFigures } from '@rookery/schemas/adminApi';

type Certificate = LiveFigures['certificate'];

/** A sentence of the console about the certificate, and what stands in it. */
export type CertificateNote =
  | { readonly key: 'ends' | 'ended' | 'nextTry'; readonly atMs: number }
  | { readonly key: 'fileFault' | 'acmeFault'; readonly fault: string }
  /** What to do next, beside another try of ACME. */
  | { readonly key: 'renewOwn' | 'renewFiles' };

/**
 * What somebody has to be told of the certificate: what is wrong, why, and what to do next. Nothing
 * while all is well. Pure.
 *
 * @param nowMs by the server's clock, milliseconds since 1970
 */
export function certificateNotes(
  { source, validToMs, warnFromMs, fault, nextTryMs }: Certificate,
  nowMs: number,
): readonly CertificateNote[] {
  const notes: CertificateNote[] = [];
  const isSoon = nowMs >= warnFromMs;
  if (isSoon) notes.push({ key: nowMs >= validToMs ? 'ended' : 'ends', atMs: validToMs });
  if (fault !== null) notes.push({ key: nextTryMs === null ? 'fileFault' : 'acmeFault', fault });
  if (notes.length === 0) return notes;
  // The own one that stands in for one by ACME is not what is to be renewed.
  if (nextTryMs !== null) notes.push({ key: 'nextTry', atMs: nextTryMs });
  else notes.push({ key: source === 'own' ? 'renewOwn' : 'renewFiles' });
  return notes;
}
