import { Session, type HeapProfiler } from 'node:inspector';

/** What one place in the code allocated. */
export interface Allocation {
  /** "push (jitterBuffer.js:172)", a built-in function by who called it. */
  readonly where: string;
  readonly bytes: number;
}

/** The profiler attributes an object to the byte that fell into its sample; each byte is one. */
const samplingInterval = 1;

/**
 * What `run` allocates in this thread's heap, as V8's sampling heap profiler sees it; also what was
 * collected meanwhile. Not what Node's own modules allocate, nor memory outside the heap.
 *
 * @returns by place, the most first
 */
export function allocationsOf(run: () => void): Allocation[] {
  const session = new Session();
  session.connect();
  try {
    session.post('HeapProfiler.enable');
    session.post('HeapProfiler.startSampling', {
      samplingInterval,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
    run();
    const bytesAt = new Map<string, number>();
    session.post('HeapProfiler.stopSampling', (error, { profile }) => {
      if (error) throw error;
      addTo(bytesAt, profile.head, nobody);
    });
    return [...bytesAt]
      .map(([where, bytes]) => ({ where, bytes }))
      .sort((a, b) => b.bytes - a.bytes);
  } finally {
    session.disconnect();
  }
}

/**
 * What a step allocates once V8 has compiled it: the least of several batches, because when it
 * does so is its own choice, and a busy machine's.
 *
 * @param step is run for each step; allocates nothing itself
 * @returns bytes a step in all, and where; the batches end early where there are none to speak of
 */
export function settledAllocations(
  step: () => void,
  { steps = 2_000, batches = 20 } = {},
): { readonly bytesPerStep: number; readonly where: readonly Allocation[] } {
  let least: { bytesPerStep: number; where: Allocation[] } = { bytesPerStep: Infinity, where: [] };
  for (let batch = 0; batch < batches && least.bytesPerStep >= 1; batch++) {
    const where = allocationsOf(() => {
      for (let i = 0; i < steps; i++) step();
    });
    const bytesPerStep = where.reduce((sum, { bytes }) => sum + bytes, 0) / steps;
    if (bytesPerStep < least.bytesPerStep) least = { bytesPerStep, where };
  }
  return least;
}

/**
 * The bound of `bytesPerStep` for code that makes no objects. The smallest one has 16 bytes: not
 * one in two steps. Newer versions of V8 than that of Node 20 box numbers on their way between
 * functions that they do not join, which is not ours to end.
 *
 * @param packets that come in a step
 */
export function noObjects(packets: number): number {
  return process.versions.node.startsWith('20.') ? 8 : 8 + 250 * packets;
}

type Node = HeapProfiler.SamplingHeapProfileNode;

/** Of whom nothing is told. */
const nobody = '';

/** @param caller who answers for what built-in functions below him allocate */
function addTo(bytesAt: Map<string, number>, node: Node, caller: string): void {
  const { functionName, url, lineNumber } = node.callFrame;
  // What profiling itself takes is Node's, and that function's.
  const isOurs = !url.startsWith('node:') && functionName !== allocationsOf.name;
  const own = !isOurs ? nobody : `${functionName} (${url.split('/').at(-1)}:${lineNumber + 1})`;
  const where = url === '' ? caller : own;
  if (where !== nobody && node.selfSize > 0) {
    bytesAt.set(where, (bytesAt.get(where) ?? 0) + node.selfSize);
  }
  for (const child of node.children) addTo(bytesAt, child, where);
}
