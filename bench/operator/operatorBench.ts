import { setTimeout as delay } from 'node:timers/promises';
import { BotFleet, type BotFleetFigures } from '@rookery/client/bots/botFleet';
import { encodeSpokenSound } from '@rookery/client/bots/spokenSound';
import { runRookery } from '@rookery/client/testing/rookeryProcess';
import { openTestBrowser } from '@rookery/client/webShell/testing/testBrowser';
import type { StressResult } from '@rookery/schemas/stressTest';
import type { Browser, Page } from 'playwright-core';
import type { Bench, BenchOutput } from '../bench.js';
import { BenchError } from '../benchError.js';
import { describeMachine, formatMachine } from '../machine.js';
import { numberUsage, parseNumberOptions, type NumbersOf } from '../numberOptions.js';
import { readProcessUsage, usageBetween } from '../processUsage.js';
import { keepResult } from '../results.js';
import { startServerProcess, type ServerProcess } from '../serverProcess.js';
import { formatVerdicts } from '../verdicts.js';
import {
  operatorVerdicts,
  type Cost,
  type LookRound,
  type OperatorMeasured,
} from './operatorVerdicts.js';

/** All silent bots say something once in this time, and all that came together do so together. */
const keepAliveSeconds = 15;

const options = {
  count: { summary: 'bots', min: 20, max: 9_000, default: 5_000 },
  rooms: { summary: 'rooms that they share', min: 1, max: 2_000, default: 500 },
  speakers: { summary: 'bots that speak', min: 1, max: 1_000, default: 50 },
  rounds: { summary: 'times that each is measured', min: 1, max: 50, default: 4 },
  seconds: { summary: 'of each measurement', min: 2, max: 60, default: keepAliveSeconds },
} as const;

type OperatorNumbers = NumbersOf<typeof options>;

const joinsPerSecond = 150;
const scrapesPerSecond = 5;
/** What was begun is over, and what was opened is steady. */
const settleMs = 1_500;

/** What it costs a busy server that somebody looks at it. */
export const operatorBench: Bench = {
  name: 'operator',
  summary: 'what an open console and scrapes of /metrics cost a server with thousands on it',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const measured = await measure(numbers, output);
    const machine = describeMachine();
    const verdicts = operatorVerdicts(measured);
    const markdown = `${formatVerdicts(verdicts)}\n\n${formatMachine(machine)}.`;
    const report = { bench: 'operator', machine, ...measured, verdicts };
    const json = keepResult('operator', report, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

async function measure(numbers: OperatorNumbers, output: BenchOutput): Promise<OperatorMeasured> {
  const server = await startServerProcess();
  const browser = await openTestBrowser();
  const ending = new AbortController();
  try {
    const crowd = new Crowd(numbers, server, ending.signal);
    const page = await openConsole(browser, server);
    await crowd.untilSpeaking(output);
    const rounds: LookRound[] = [];
    for (let round = 0; round < numbers.rounds; round++) {
      rounds.push(await measureRound(server, page, numbers.seconds));
      output.err(`round ${round + 1} of ${numbers.rounds}\n`);
    }
    ending.abort();
    const { joined, lossPct, expected } = (await crowd.run).result;
    return { sessions: joined, speakers: numbers.speakers, rounds, lossPct, expected };
  } finally {
    ending.abort();
    await browser.close();
    await server.stop();
  }
}

/** Bots, some of which speak until they are told to end. */
class Crowd {
  readonly run: Promise<BotFleetFigures>;
  #now: StressResult | null = null;
  #hasEnded = false;

  constructor(numbers: OperatorNumbers, server: ServerProcess, signal: AbortSignal) {
    const { count, rooms, speakers } = numbers;
    this.run = this.#run({ count, rooms, speakers }, server, signal).finally(() => {
      this.#hasEnded = true;
    });
    // Whoever awaits it is told as well.
    this.run.catch(() => undefined);
  }

  async #run(
    test: Pick<OperatorNumbers, 'count' | 'rooms' | 'speakers'>,
    server: ServerProcess,
    signal: AbortSignal,
  ): Promise<BotFleetFigures> {
    const sound = await encodeSpokenSound(null);
    const longest = { seconds: 3_600, ramp: joinsPerSecond };
    // Its own looks at the server would be measured as well.
    const where = { host: '127.0.0.1', port: server.info.quic.port, adminPort: null };
    const secrets = { namePrefix: 'Bot', password: '', pass: '' };
    const fleet = new BotFleet(
      { test: { ...test, ...longest }, ...where, ...secrets, sound, quietSeconds: 0 },
      (result) => (this.#now = result),
    );
    return fleet.run(signal);
  }

  /** @throws BenchError `refused` where bots stay out */
  async untilSpeaking(output: BenchOutput): Promise<void> {
    while (this.#now === null || this.#now.expected === 0) {
      if (this.#hasEnded) throw new BenchError('refused', (await this.run).firstFailure);
      await delay(1_000);
      output.err(`${this.#now?.joined ?? 0} are there\n`);
    }
    const { joined, wanted } = this.#now;
    if (joined === wanted) return;
    throw new BenchError('refused', `Only ${joined} of ${wanted} bots came.`);
  }
}

/** As its owner, by the token that the server prints. */
async function openConsole(browser: Browser, server: ServerProcess): Promise<Page> {
  const { admin, dataDirectory } = server.info;
  const { stdout: token } = await runRookery(['owner-token', '--data', dataDirectory]);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${admin.port}/`);
  await page.getByRole('button', { name: 'First login' }).click();
  await page.getByLabel('Owner token').fill(token.trim());
  await page.getByLabel('Name').fill('Olga');
  await page.getByLabel('Password').fill('a password of Olga');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  return page;
}

async function measureRound(
  server: ServerProcess,
  page: Page,
  seconds: number,
): Promise<LookRound> {
  const { port } = server.info.admin;
  // A page that is elsewhere follows nothing.
  const address = page.url();
  await page.goto('about:blank');
  const alone = await costOf(server, () => delay(seconds * 1_000));
  const scrapes = seconds * scrapesPerSecond;
  const scraped = await costOf(server, () => scrape(port, scrapes));
  await page.goto(address);
  await page.locator('[data-figure=sessions]').waitFor();
  const watched = await costOf(server, () => delay(seconds * 1_000));
  return { alone, scraped, scrapes, watched };
}

/** Of what the server does meanwhile. */
async function costOf(server: ServerProcess, meanwhile: () => Promise<void>): Promise<Cost> {
  await delay(settleMs);
  const [before, beforeMs] = [readProcessUsage(server.pid), performance.now()];
  await meanwhile();
  const used = usageBetween(before, readProcessUsage(server.pid));
  const seconds = (performance.now() - beforeMs) / 1_000;
  const { mainThreadSeconds, cpuSeconds } = used;
  return { seconds, mainThread: mainThreadSeconds / seconds, allThreads: cpuSeconds / seconds };
}

async function scrape(adminPort: number, times: number): Promise<void> {
  for (let number = 0; number < times; number++) {
    const response = await fetch(`http://127.0.0.1:${adminPort}/metrics`);
    if (!response.ok) throw new BenchError('unavailable', 'The server tells no metrics.');
    await response.text();
    await delay(1_000 / scrapesPerSecond);
  }
}
