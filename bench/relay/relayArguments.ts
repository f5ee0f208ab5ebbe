import { parseArgs } from 'node:util';
import { BenchError } from '../benchError.js';

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

interface NumberOption {
  readonly summary: string;
  readonly min: number;
  readonly max: number;
  /** null: the server decides. */
  readonly default: number | null;
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
  workers: { summary: 'relay workers of the server', min: 1, max: 64, default: null },
  window: { summary: 'bundle window of the server, milliseconds', min: 0, max: 20, default: null },
  rate: { summary: 'frames per second and speaker', min: 1, max: 55, default: 50 },
  payload: { summary: 'Opus bytes of a frame', min: 8, max: 1_000, default: 120 },
  seconds: { summary: 'measured seconds of a run', min: 1, max: 60, default: 5 },
  'warm-up': { summary: 'seconds before them', min: 0, max: 60, default: 2 },
  runs: {
    summary: 'runs of server and floor in turn; medians are shown',
    min: 1,
    max: 25,
    default: 1,
  },
  sockets: { summary: 'sockets that the sessions share', min: 1, max: 512, default: 64 },
} as const satisfies Record<string, NumberOption>;

type NumberName = keyof typeof numberOptions;

/** Sessions that are logged in: a machine that runs all sides has no room for more. */
const sessionsMax = 5_000;

const names = Object.keys(numberOptions) as NumberName[];

/** @throws BenchError `usage`, saying what is allowed */
export function parseRelayArguments(argv: readonly string[]): RelayArguments {
  const values = parseValues(argv);
  const number = (name: NumberName): number | null => numberOf(name, values[name]);
  const given = Object.fromEntries(names.map((name) => [name, number(name)])) as {
    [N in NumberName]: (typeof numberOptions)[N]['default'] extends null ? number | null : number;
  };
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
    json: values['json'] === true,
    grid: values['grid'] === true,
  };
}

/** One line for each option. */
export function relayUsage(): string {
  const lines = names.map((name) => {
    const { summary, min, max, default: given }: NumberOption = numberOptions[name];
    const usual = given === null ? "the server's own" : String(given);
    return `    --${name.padEnd(10)} ${summary} (${min} to ${max}; ${usual} otherwise)`;
  });
  return [
    ...lines,
    '    --grid       every load that a target was set for; writes bench/results/relay.json',
    '    --json       print JSON',
  ].join('\n');
}

function parseValues(argv: readonly string[]): Record<string, string | boolean | undefined> {
  const numbers = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const flags = { json: { type: 'boolean' as const }, grid: { type: 'boolean' as const } };
  try {
    const { values } = parseArgs({ args: [...argv], options: { ...numbers, ...flags } });
    return values;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BenchError('usage', reason, { cause });
  }
}

function numberOf(name: NumberName, text: string | boolean | undefined): number | null {
  const { min, max, default: usual }: NumberOption = numberOptions[name];
  if (typeof text !== 'string') return usual;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  const message = `--${name} ${text} is not a whole number from ${min} to ${max}.`;
  throw new BenchError('usage', message);
}
