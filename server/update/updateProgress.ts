/** Lines in all, so that a log stays readable. */
const linesMax = 4;

const mebibyte = 1_048_576;

/**
 * Tells how far a download is: a line for each quarter of it.
 *
 * @returns to be told of what has come
 */
export function updateProgress(
  out: (text: string) => void,
): (bytes: number, ofBytes: number) => void {
  let told = 0;
  return (bytes, ofBytes) => {
    const reached = Math.floor((linesMax * bytes) / ofBytes);
    if (reached <= told) return;
    told = reached;
    const [come, all] = [bytes, ofBytes].map((count) => (count / mebibyte).toFixed(1));
    out(`  ${come ?? ''} of ${all ?? ''} MiB\n`);
  };
}
