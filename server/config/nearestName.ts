/**
 * The name that somebody who mistyped may have meant.
 *
 * @returns null where none is near
 */
export function nearestName(typed: string, names: readonly string[]): string | null {
  // What is far longer than any name is near to none, and costs its square.
  if (typed.length > 64) return null;
  let nearest: string | null = null;
  let least = Math.max(2, Math.floor(typed.length / 3)) + 1;
  for (const name of names) {
    const edits = editDistance(typed.toLowerCase(), name.toLowerCase());
    if (edits >= least) continue;
    least = edits;
    nearest = name;
  }
  return nearest;
}

/** " Did you mean …?", or nothing. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const nearest = nearestName(typed, names);
  return nearest === null ? '' : ` Did you mean ${nearest}?`;
}

/** Letters to insert, remove or replace (Levenshtein, one row at a time). */
function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = above[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[to.length]!;
}
