import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

/** Whether this machine shows the memory of one process to another of the same user. */
export function canReadMemory(): boolean {
  try {
    readFileSync(`/proc/self/task/${process.pid}/children`);
    return true;
  } catch {
    return false;
  }
}

/** Which of these stand in the memory that a process and all that it started can write to. */
export function findInMemory(pid: number, wanted: readonly Uint8Array[]): boolean[] {
  const found = wanted.map(() => false);
  for (const id of familyOf(pid)) {
    const memory = openSync(`/proc/${id}/mem`, 'r');
    try {
      for (const range of writableRanges(id)) findIn(memory, range, wanted, found);
    } finally {
      closeSync(memory);
    }
  }
  return found;
}

function familyOf(pid: number): number[] {
  const family = [pid];
  for (const id of family) {
    for (const task of readdirSync(`/proc/${id}/task`)) {
      const text = readFileSync(`/proc/${id}/task/${task}/children`, 'utf8');
      family.push(...text.split(' ').filter(Boolean).map(Number));
    }
  }
  return family;
}

interface Range {
  readonly from: number;
  readonly bytes: number;
}

function writableRanges(pid: number): Range[] {
  const ranges: Range[] = [];
  for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
    const parts = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
    if (parts === null) continue;
    const [from, to] = [Number.parseInt(parts[1]!, 16), Number.parseInt(parts[2]!, 16)];
    ranges.push({ from, bytes: to - from });
  }
  return ranges;
}

const pieceBytes = 4 * 1_048_576;

/** What is not there any more while it is read holds nothing. */
function findIn(
  memory: number,
  { from, bytes }: Range,
  wanted: readonly Uint8Array[],
  found: boolean[],
): void {
  // The pieces overlap, so that nothing is missed between two.
  const overlap = Math.max(...wanted.map(({ length }) => length));
  const piece = Buffer.alloc(pieceBytes + overlap);
  for (let at = 0; at < bytes; at += pieceBytes) {
    const length = Math.min(piece.length, bytes - at);
    try {
      const read = piece.subarray(0, readSync(memory, piece, 0, length, from + at));
      wanted.forEach((each, index) => (found[index] ||= read.indexOf(each) !== -1));
    } catch {
      return;
    }
  }
}
