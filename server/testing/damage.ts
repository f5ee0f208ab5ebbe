import { writeFileSync } from 'node:fs';
import type { SeededRandom } from '@rookery/schemas/testing/seededRandom';

const pageBytes = 4_096;

/** Writes a file anew as it was, but for some pages that hold nonsense, or without its end. */
export function damageFile(file: string, whole: Uint8Array, random: SeededRandom): void {
  const bytes = Buffer.from(whole);
  if (random.chance(0.3)) {
    writeFileSync(file, bytes.subarray(0, random.below(bytes.length)));
    return;
  }
  const pages = Math.floor(bytes.length / pageBytes);
  for (let count = Math.ceil(pages / 3); count > 0; count--) {
    bytes.set(random.bytes(pageBytes), random.below(pages) * pageBytes);
  }
  writeFileSync(file, bytes);
}
