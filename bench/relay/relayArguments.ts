import { BenchError } from '../benchError.js';
import { numberUsage, parseNumberOptions, type NumberOption } from '../numberOptions.js';

/** One load, as the command line tells it. */
export interface RelayArguments {
  readonly receivers: number;
  readonly speakers: number;
  readonly rooms: number;
  readonly workers: number | null;
  readonly bundleWindowMs: number | null;
  readonly framesPerSecond: number;
  readonly payloadBytes: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly runs: number;
  readonly sockets: number;
  readonly json: boolean;
  /** All loads that targets were set for, instead of one. */
  readonly grid: boolean;
}

const numberOptions = {
  receivers: { summary: 'who hear each frame', min: 1, max: 4_999, default: 500 },
  speakers: { summary: 'speakers in each room', min: 1, max: 1_000, default: 1 },
  rooms: {
    summary: 'rooms, each with one member more than receivers',
    min: 1,
    max: 1_000,
    default: 1,
  },
  workers: {
    summary: 'relay workers of the server, all at work',
    min: 1,
    max: 64,
    default: null,
  },
  window: { summary: 'bundle window of the server, milliseconds', min: 0, max: 20, default: null },
  rate: { summary: 'frames per second and speaker', min: 1, max: 55, default: 50 },
  payload: { summary: 'Opus bytes of a frame', min: 8, max: 1_000, default: 120 },
  seconds: {
    summary: 'measured seconds of a run; in a grid the least',
    min: 1,
    max: 60,
    default: 5,
  },
  'warm-up': { summary: 'seconds before them; a grid has its own', min: 0, max: 60, default: 2 },
  runs: {
    summary: 'runs of server and floor in turn; medians are shown',
    min: 1,
    max: 25,
    default: 1,
  },
  sockets: { summary: 'sockets that the sessions share', min: 1, max: 512, default: 64 },
} as const satisfies Record<string, NumberOption>;

/** Sessions that are logged in: a machine that runs all sides has no room for more. */
const sessionsMax = 5_000;

/** @throws BenchError `usage`, saying what is allowed */
export function parseRelayArguments(argv: readonly string[]): RelayArguments {
  const { numbers: given, flags } = parseNumberOptions(argv, numberOptions, ['json', 'grid']);
  const sessions = given.rooms * (given.receivers + 1);
  if (sessions > sessionsMax) {
    const message = `That makes ${sessions} sessions; at most ${sessionsMax} fit on one machine.`;
    throw new BenchError('usage', message);
  }
  if (given.speakers > given.receivers + 1) {
    const message = `A room of ${given.receivers + 1} members has no ${given.speakers} speakers.`;
    throw new BenchError('usage', message);
  }
  return {
    receivers: given.receivers,
    speakers: given.speakers,
    rooms: given.rooms,
    workers: given.workers,
    bundleWindowMs: given.window,
    framesPerSecond: given.rate,
    payloadBytes: given.payload,
    seconds: given.seconds,
    warmUpSeconds: given['warm-up'],
    runs: given.runs,
    sockets: given.sockets,
    json: flags.json,
    grid: flags.grid,
  };
}

/** One line for each option. */
export function relayUsage(): string {
  return [
    ...numberUsage(numberOptions),
    '    --grid       every load that a target was set for; writes bench/results/relay.json',
    '    --json       print JSON',
  ].join('\n');
}
