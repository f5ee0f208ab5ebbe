import type {
  FirstLimit,
  StressCapacity,
  StressResult,
  StressTestOptions,
} from '@rookery/schemas/stressTest';

/** More than this is lost where people begin to notice; per cent. */
export const lossPctMax = 0.1;
/** How much of a machine is planned for: the rest is for what nobody expects. */
const plannedShare = 0.7;
/** A share of all cores from which the machine counts as busy. */
const busyShare = 0.97;
/** And the share of the server and the bots, from which that is their doing. */
const ownShare = 0.5;
/** Bytes below which memory counts as used up. */
const freeBytesMin = 256 * 1_048_576;
/** More sessions no server takes. */
const sessionsMax = 10_000;

/** What a test found of the server's machine. */
export interface MeasuredLoad {
  readonly options: StressTestOptions;
  readonly joined: number;
  /** Of the server while the bots speak, in per cent of one core; null where it does not tell. */
  readonly cpuPct: number | null;
  readonly residentBytes: number | null;
  readonly cores: number;
  readonly memoryBytes: number;
}

/**
 * How many people the machine would carry of whom as large a share speaks, in rooms of the same
 * size: what the server used, reckoned up in proportion. Pure.
 *
 * @returns null where the server did not tell what it uses, or used next to nothing
 */
export function capacityOf(load: MeasuredLoad): StressCapacity | null {
  const { joined, cpuPct, residentBytes, cores, memoryBytes } = load;
  if (cpuPct === null || residentBytes === null || joined === 0 || cpuPct < 1) return null;
  const byCpu = (joined * plannedShare * cores * 100) / cpuPct;
  const byMemory = (joined * plannedShare * memoryBytes) / residentBytes;
  const bounds = [
    { people: byCpu, bound: 'cpu' },
    { people: byMemory, bound: 'memory' },
    { people: sessionsMax, bound: 'sessions' },
  ] as const;
  const { people, bound } = bounds.reduce((a, b) => (b.people < a.people ? b : a));
  const share = `${Math.round(cpuPct)} % of one core for ${joined} bots`;
  const words =
    `reckoned in proportion from ${share}, with ${cores} cores and ${gib(memoryBytes)} for the ` +
    'server alone, loaded to 70 %. It takes for granted that all cores help alike and that the ' +
    'network carries it; a crowd that comes in at once costs more for that moment.';
  return { people: roundDown(people), bound, words };
}

/** What shows which limit is reached, now. */
export interface LimitSigns {
  readonly throttled: number;
  readonly failed: number;
  readonly lossPct: number;
  /** Of all cores, 0 … 1: by everything that runs, and by the server and the bots. */
  readonly busyCores: number;
  readonly ownCores: number;
  readonly freeBytes: number;
}

/** @returns null while none is reached. Pure */
export function limitReached(signs: LimitSigns): FirstLimit | null {
  if (signs.failed > 0) return 'refused';
  if (signs.throttled > 0) return 'throttled';
  if (signs.lossPct > lossPctMax) return 'loss';
  if (signs.freeBytes < freeBytesMin) return 'memory';
  // What else runs on the machine is no limit of the server.
  return signs.busyCores >= busyShare && signs.ownCores >= ownShare ? 'cpu' : null;
}

const limitWords: Readonly<Record<FirstLimit, string>> = {
  throttled: 'the server asked to slow down',
  refused: 'the server let bots not in, or lost them',
  cpu: 'all processors of this machine were busy',
  memory: 'the memory of this machine ran short',
  loss: 'more was lost than a thousandth',
};

/** What came of a test, for a person. @param firstFailure what the first bot was told, or '' */
export function verdictOf(result: Omit<StressResult, 'verdict'>, firstFailure: string): string {
  const { options, joined, wanted, expected, delivered, lossPct, delayMs, heard } = result;
  const all = joined === wanted ? `All ${wanted}` : `${joined} of ${wanted}`;
  const parts = [`${all} bots joined${firstFailure === '' ? '' : ` (“${firstFailure}”)`}.`];
  if (expected > 0) {
    const isGood = lossPct <= lossPctMax;
    const share = expected - delivered === 0 ? 'Nothing' : `${lossPct.toFixed(3)} %`;
    parts.push(
      `${share} of ${expected} frames got lost, ${isGood ? 'which nobody hears' : 'too much'}; ` +
        `half of them took ${delayMs.p50.toFixed(1)} ms, all but one in a hundred ` +
        `${delayMs.p99.toFixed(1)} ms.`,
    );
  } else if ((options?.speakers ?? 0) > 0) parts.push('Nothing was said for long enough to tell.');
  if (heard !== null) {
    const share = (100 * heard.share).toFixed(1);
    parts.push(`${heard.listeners} listened: ${share} % sounded as it was spoken.`);
  }
  if (result.cpuPct !== null) {
    parts.push(`The server took ${Math.round(result.cpuPct)} % of one core`);
    parts.push(`and ${Math.round(result.rssMiB ?? 0)} MiB.`);
  } else parts.push('What the server took is unknown: its admin port was not reached.');
  if (result.firstLimit !== null) parts.push(`First limit: ${limitWords[result.firstLimit]}.`);
  const { capacity } = result;
  if (capacity !== null) {
    parts.push(`At 70 % load this machine carries about ${capacity.people} people like these`);
    parts.push(`(${capacity.words.replace(/\.$/, '')}).`);
  }
  return parts.join(' ');
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** To two digits that count: more it is not known. */
function roundDown(people: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, people))) - 1);
  return Math.floor(people / step) * step;
}
