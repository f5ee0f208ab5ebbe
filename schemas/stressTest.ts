/** What a test with bots is asked for, and what it tells: of the command line and of the server. */

/** Bounds of what may be asked for. */
export const stressTestLimits = {
  /** Bots; more sessions no server takes. */
  count: { min: 1, max: 10_000 },
  speakers: { min: 0, max: 2_000 },
  rooms: { min: 1, max: 2_000 },
  /** Seconds of speaking, after all have joined. */
  seconds: { min: 1, max: 3_600 },
  /** Logins a second that are begun. */
  ramp: { min: 1, max: 2_000 },
} as const;

export interface StressTestOptions {
  readonly count: number;
  /** How many of them speak, as evenly over the rooms as it goes. */
  readonly speakers: number;
  readonly rooms: number;
  readonly seconds: number;
  /** Logins a second that are begun. */
  readonly ramp: number;
}

/** What kept the test from going on as it was asked for, whichever came first. */
export type FirstLimit =
  /** The server asked to slow down. */
  | 'throttled'
  /** The server let bots not in. */
  | 'refused'
  /** The processors of the machine were all busy. */
  | 'cpu'
  | 'memory'
  /** More was lost than a thousandth. */
  | 'loss';

/** How many people the machine would carry, and how that was reckoned. */
export interface StressCapacity {
  /** People of whom as large a share speaks, in rooms as large, at 70 % load. */
  readonly people: number;
  /** What would be used up first. */
  readonly bound: 'cpu' | 'memory' | 'sessions';
  /** How it was reckoned, and what was taken for granted. */
  readonly words: string;
}

/** The shares of those who listened and compared what they heard with what was spoken. */
export interface StressHeard {
  readonly listeners: number;
  /** Of the frames that were to be heard, the share that sounded as it was spoken; 0 … 1. */
  readonly share: number;
  /** Frames that never came, that came late or twice, and that sounded otherwise. */
  readonly missing: number;
  readonly outOfOrder: number;
  readonly different: number;
}

/** A test as it stands. */
export interface StressResult {
  readonly state: 'idle' | 'running' | 'done';
  /** null before the first. */
  readonly options: StressTestOptions | null;
  /** Since it began. */
  readonly seconds: number;
  readonly joined: number;
  readonly wanted: number;
  /** In the last second; at the end over all. */
  readonly joinsPerSecond: number;
  /** Frames that were to be delivered, and that were; of the last second none are counted yet. */
  readonly expected: number;
  readonly delivered: number;
  readonly lossPct: number;
  /** From sending to hearing, as the bots saw it; 0 before the first frame. */
  readonly delayMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** Of the server, in per cent of one core; null where it cannot be asked. */
  readonly cpuPct: number | null;
  /** Of the server. */
  readonly rssMiB: number | null;
  /** Of the bots, in per cent of one core and together. */
  readonly botsCpuPct: number;
  readonly botsRssMiB: number;
  readonly heard: StressHeard | null;
  readonly firstLimit: FirstLimit | null;
  /** What came of it in words; '' before the end. */
  readonly verdict: string;
  readonly capacity: StressCapacity | null;
}

/** Before any test. */
export const idleStressResult: StressResult = {
  state: 'idle',
  options: null,
  seconds: 0,
  joined: 0,
  wanted: 0,
  joinsPerSecond: 0,
  expected: 0,
  delivered: 0,
  lossPct: 0,
  delayMs: { p50: 0, p95: 0, p99: 0 },
  cpuPct: null,
  rssMiB: null,
  botsCpuPct: 0,
  botsRssMiB: 0,
  heard: null,
  firstLimit: null,
  verdict: '',
  capacity: null,
};
