import type {
  Drift,
  DriftHeard,
} from '@rookery/client/engine/audio/playback/testing/driftListener';
import type { Bench } from '../bench.js';
import { numberUsage, parseNumberOptions } from '../numberOptions.js';
import { RequestChild } from '../requestChannel.js';
import { keepResult } from '../results.js';
import { formatVerdicts } from '../verdicts.js';
import type { ToDriftProcess } from './driftProcess.js';
import { driftVerdicts, type DriftRow } from './driftVerdicts.js';

const options = {
  seconds: { summary: 'of talk, in stepped time', min: 20, max: 36_000, default: 3_600 },
} as const;

const at48 = { sampleRate: 48_000, bufferFrames: 480 };
const drifts: readonly Drift[] = [
  { senderPpm: 200, devicePpm: 0, ...at48, seed: 1 },
  { senderPpm: -200, devicePpm: 0, ...at48, seed: 2 },
  { senderPpm: 0, devicePpm: 200, ...at48, seed: 3 },
  { senderPpm: 0, devicePpm: -200, sampleRate: 44_100, bufferFrames: 441, seed: 4 },
];

const notes =
  'A tone without a pause through jitter buffer, decoder, stretching, mix and resampler, in ' +
  'stepped time; packets and threads come up to 4 ms late. An audible jump is a step steeper ' +
  'than any of the tone, or 10 ms of another loudness.';

/** Sound between clocks that differ, for as long as a meeting lasts. */
export const driftBench: Bench = {
  name: 'drift',
  summary: 'an hour of sound between clocks that differ by 200 ppm, in stepped time',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const { seconds } = numbers;
    const rows = await Promise.all(drifts.map((drift) => listen(drift, seconds)));
    const verdicts = driftVerdicts(rows, seconds);
    const markdown = `${formatVerdicts(verdicts)}\n\n${notes}`;
    const json = keepResult('drift', { bench: 'drift', seconds, rows, verdicts }, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

async function listen(drift: Drift, seconds: number): Promise<DriftRow> {
  const entry = new URL('./driftProcess.js', import.meta.url);
  const child: RequestChild<ToDriftProcess, DriftHeard> = new RequestChild('listener', entry);
  try {
    return { drift, heard: await child.ask({ drift, seconds }) };
  } finally {
    await child.end();
  }
}
