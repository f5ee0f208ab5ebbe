import type { Bench } from '../bench.js';
import { BenchError } from '../benchError.js';
import { describeMachine, formatMachine } from '../machine.js';
import { numberUsage, parseNumberOptions } from '../numberOptions.js';
import { RequestChild } from '../requestChannel.js';
import { keepResult } from '../results.js';
import type {
  AllocationReport,
  FromAudioProcess,
  MixNetwork,
  ToAudioProcess,
  WorkCost,
} from './audioMessages.js';
import { audioReport, audioVerdicts, targetSpeakers, type AudioFigures } from './audioReport.js';

const options = {
  seconds: { summary: 'that threads run for, as they do', min: 1, max: 60, default: 8 },
} as const;

const speakerGrid = [1, 5, 20, 100];
const networks: readonly MixNetwork[] = ['calm', 'rough'];

const notes =
  'CPU time, not time on the clock; medians of 7. On the calm network packets come when they ' +
  'should, on the rough one up to 50 ms late, and each 33rd does not. All speak all the time.';

/** What sound costs: the way from the microphone to packets, Opus, and from packets to the ear. */
export const audioBench: Bench = {
  name: 'audio',
  summary: 'CPU of the capture chain, of Opus, and of mixing 1 to 100 speakers; allocations',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const figures = await measure(numbers.seconds);
    const machine = describeMachine();
    const markdown = `${audioReport(figures)}\n\n${formatMachine(machine)}. ${notes}`;
    const verdicts = audioVerdicts(figures);
    const json = keepResult('audio', { bench: 'audio', machine, figures, verdicts }, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

async function measure(seconds: number): Promise<AudioFigures> {
  return {
    capture: await costsOf({ type: 'capture' }),
    captureThread: (await costsOf({ type: 'captureThread', seconds }))[0]!,
    codec: await costsOf({ type: 'codec' }),
    mix: await mixCosts(),
    playbackThread: await playbackThreadOf(seconds),
    captureAllocations: await allocationsOf({ type: 'captureAllocations' }),
    playAllocations: await allocationsOf({ type: 'playAllocations' }),
  };
}

async function mixCosts(): Promise<WorkCost[]> {
  const costs: WorkCost[] = [];
  for (const speakers of speakerGrid) {
    for (const network of networks) {
      costs.push(...(await costsOf({ type: 'mix', speakers, network })));
    }
  }
  return costs;
}

async function playbackThreadOf(seconds: number): Promise<WorkCost> {
  const request = { type: 'playbackThread', speakers: targetSpeakers, seconds } as const;
  return (await costsOf(request))[0]!;
}

async function costsOf(request: ToAudioProcess): Promise<readonly WorkCost[]> {
  const answer = await ask(request);
  if (answer.type === 'costs') return answer.costs;
  throw new BenchError('childFailed', 'Other figures came than were asked for.');
}

async function allocationsOf(request: ToAudioProcess): Promise<AllocationReport> {
  const answer = await ask(request);
  if (answer.type === 'allocations') return answer.report;
  throw new BenchError('childFailed', 'Other figures came than were asked for.');
}

/** In a process of its own, so that nothing was compiled for other work before. */
async function ask(request: ToAudioProcess): Promise<FromAudioProcess> {
  const entry = new URL('./audioProcess.js', import.meta.url);
  const child: RequestChild<ToAudioProcess, FromAudioProcess> = new RequestChild('sound', entry);
  try {
    return await child.ask(request);
  } finally {
    await child.end();
  }
}
