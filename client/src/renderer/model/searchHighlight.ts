/** A piece of a found text. */
export interface TextPiece {
  readonly text: string;
  /** One of the words that were looked for. */
  readonly isFound: boolean;
}

/** As much of a long message as is shown. */
const shownMax = 300;
/** What stands before the first found word then. */
const leadMax = 60;

/**
 * Cuts a found text into what was looked for and what stands between. Words are found as the server
 * does, without regard to case and marks on letters; `plan*` is any word that begins so.
 */
export function foundPieces(text: string, query: string): readonly TextPiece[] {
  const words = query.split(/\s+/).flatMap((part) => {
    const isBeginning = part.endsWith('*');
    const runs = folded(part).match(/[\p{L}\p{N}_]+/gu) ?? [];
    return runs.map((word, at) => ({ word, isBeginning: isBeginning && at === runs.length - 1 }));
  });
  const isFound = (run: string): boolean => {
    const bare = folded(run);
    return words.some(({ word, isBeginning }) =>
      isBeginning ? bare.startsWith(word) : bare === word,
    );
  };
  const runs = text.match(/[\p{L}\p{N}\p{M}_]+|[^\p{L}\p{N}\p{M}_]+/gu) ?? [];
  const pieces = runs.map((run) => ({ text: run, isFound: isFound(run) }));
  return shortened(joined(pieces));
}

function joined(pieces: readonly TextPiece[]): TextPiece[] {
  const out: TextPiece[] = [];
  for (const piece of pieces) {
    const last = out.at(-1);
    if (last === undefined || last.isFound || piece.isFound) out.push(piece);
    else out[out.length - 1] = { text: last.text + piece.text, isFound: false };
  }
  return out;
}

function shortened(pieces: readonly TextPiece[]): readonly TextPiece[] {
  const [first, ...rest] = pieces;
  if (first === undefined) return pieces;
  const isLongLead = !first.isFound && rest.length > 0 && first.text.length > leadMax;
  const lead = isLongLead ? { ...first, text: `… ${first.text.slice(-leadMax)}` } : first;
  let left = shownMax;
  const out: TextPiece[] = [];
  for (const piece of [lead, ...rest]) {
    if (left <= 0) break;
    const isCut = piece.text.length > left;
    out.push(isCut ? { ...piece, text: `${piece.text.slice(0, left)} …` } : piece);
    left -= piece.text.length;
  }
  return out;
}

function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase();
}
