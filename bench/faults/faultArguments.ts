import { BenchError } from '../benchError.js';
import { numberUsage, parseNumberOptions, type NumberOption } from '../numberOptions.js';

/** What `npm run bench -- faults` is asked for. */
export interface FaultArguments {
  /** Everybody in one room; floods have a room of their own. */
  readonly sessions: number;
  readonly speakers: number;
  readonly workers: number | null;
  /** Relay workers that are ended, one after the other. */
  readonly crashes: number;
  /** Servers that are killed, each with its own supervisor. */
  readonly kills: number;
  /** Clients that come back. */
  readonly clients: number;
  /** Runs without and with each flood; 0 leaves them out. */
  readonly runs: number;
  readonly seconds: number;
  /** Speakers during floods; null: a quarter of those that the server can carry. */
  readonly floodSpeakers: number | null;
  /** What is not over by then is given up. */
  readonly minutes: number;
  readonly json: boolean;
}

const numberOptions = {
  sessions: { summary: 'members of the room', min: 2, max: 1_000, default: 100 },
  speakers: { summary: 'of them, who speak', min: 1, max: 100, default: 10 },
  workers: { summary: 'relay workers of the server', min: 1, max: 64, default: null },
  crashes: { summary: 'relay workers to end; 0: none', min: 0, max: 100, default: 8 },
  kills: { summary: 'servers to kill; 0: none', min: 0, max: 20, default: 3 },
  clients: { summary: 'clients that come back', min: 2, max: 200, default: 50 },
  runs: { summary: 'runs of each flood; 0: none', min: 0, max: 25, default: 5 },
  seconds: { summary: 'measured seconds of a run', min: 1, max: 60, default: 5 },
  'flood-speakers': {
    summary: 'speakers during floods; 0: a quarter of the capacity',
    min: 0,
    max: 500,
    default: 0,
  },
  minutes: {
    summary: 'it ends by then at the latest; about 7 on a machine with nothing else to do',
    min: 1,
    max: 120,
    default: 20,
  },
} as const satisfies Record<string, NumberOption>;

/** @throws BenchError `usage`, saying what is allowed */
export function parseFaultArguments(argv: readonly string[]): FaultArguments {
  const { numbers, flags } = parseNumberOptions(argv, numberOptions, ['json']);
  const { 'flood-speakers': floodSpeakers, ...given } = numbers;
  if (given.speakers > given.sessions) {
    const message = `A room of ${given.sessions} members has no ${given.speakers} speakers.`;
    throw new BenchError('usage', message);
  }
  return { ...given, ...flags, floodSpeakers: floodSpeakers === 0 ? null : floodSpeakers };
}

/** One line for each option. */
export function faultUsage(): string {
  return [...numberUsage(numberOptions), '    --json       print JSON'].join('\n');
}
