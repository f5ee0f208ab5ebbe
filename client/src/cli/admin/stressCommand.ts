import { z } from 'zod';
import type { StressResult, StressTestOptions } from '@rookery/schemas/stressTest';
import type { Output } from '../output.js';
import { catchStopSignals, isOnAfter } from '../stopSignal.js';
import { missedStress, stressLine } from '../stressWords.js';
import type { AdminClient } from './adminClient.js';
import { openAdmin, readAnswer } from './adminCommand.js';
import type { AdminOptions } from './loginCommand.js';

/** What is not given is what the server takes for it. */
export interface StressCommandOptions extends AdminOptions, Partial<StressTestOptions> {
  /** Until its end. */
  readonly follow: boolean;
}

const lookMs = 1_000;
const path = '/stress-test';

const shownResult = z.looseObject({
  state: z.enum(['idle', 'running', 'done']),
  ...{ joined: z.number(), wanted: z.number(), joinsPerSecond: z.number() },
  ...{ expected: z.number(), delivered: z.number(), lossPct: z.number() },
  delayMs: z.looseObject({ p50: z.number(), p99: z.number() }),
  ...{ cpuPct: z.number().nullable(), rssMiB: z.number().nullable() },
  ...{ botsCpuPct: z.number(), botsRssMiB: z.number() },
  ...{ firstLimit: z.string().nullable(), verdict: z.string() },
});

/** What is not shown is told on as it came. */
const stressAnswer = z.custom<StressResult>((answer) => shownResult.safeParse(answer).success);

/**
 * Begins a test with bots where `count` is given, and tells how one stands.
 *
 * @throws ClientError `stressMissed` where a test that was followed did not go well
 */
export async function stressTest(options: StressCommandOptions, output: Output): Promise<void> {
  const { count, speakers, rooms, seconds, ramp } = options;
  const client = await openAdmin(options);
  if (count !== undefined) {
    const body = { count, speakers, rooms, seconds, ramp };
    await client.ask({ method: 'POST', path, body });
    output.progress({ event: 'stressTestStarted', ...body }, `${count} bots join`);
  }
  if (options.follow) await followTest(client, output);
  else tell(await resultOf(client), output);
}

/** Has all bots leave. */
export async function stopStressTest(options: AdminOptions, output: Output): Promise<void> {
  const client = await openAdmin(options);
  tell(readAnswer(stressAnswer, await client.ask({ method: 'DELETE', path }), client), output);
}

async function followTest(client: AdminClient, output: Output): Promise<void> {
  const stop = catchStopSignals();
  try {
    for (;;) {
      const result = await resultOf(client);
      if (result.state !== 'running') {
        tell(result, output);
        const missed = result.state === 'done' ? missedStress(result) : null;
        if (missed !== null) throw missed;
        return;
      }
      output.progress({ event: 'stressTest', ...result }, stressLine(result));
      if (!(await isOnAfter(lookMs, stop.signal))) break;
    }
    const words = 'the test goes on; `rookery admin stress-test --stop` ends it';
    output.progress({ event: 'stressTestGoesOn' }, words);
  } finally {
    stop.release();
  }
}

async function resultOf(client: AdminClient): Promise<StressResult> {
  return readAnswer(stressAnswer, await client.ask({ method: 'GET', path }), client);
}

function tell(result: StressResult, output: Output): void {
  const words = { idle: 'no test ran', running: stressLine(result), done: result.verdict };
  output.result({ event: 'stressTest', ...result }, words[result.state]);
}
