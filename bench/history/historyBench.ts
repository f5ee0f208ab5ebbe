import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClientHost } from '@rookery/client/host/clientHost';
import { recordScrolling, type ScrollRecord } from '@rookery/client/webShell/testing/shiftRecorder';
import { openTestBrowser } from '@rookery/client/webShell/testing/testBrowser';
import { openWebShell } from '@rookery/client/webShell/webShell';
import { rootRoomId } from '@rookery/schemas/protocol';
import type { Page } from 'playwright-core';
import type { Bench, BenchOutput } from '../bench.js';
import { describeMachine, formatMachine } from '../machine.js';
import { makeFolder } from '../measuredProcess.js';
import { numberUsage, parseNumberOptions, type NumbersOf } from '../numberOptions.js';
import { keepResult } from '../results.js';
import { startServerProcess } from '../serverProcess.js';
import { quantile } from '../statistics.js';
import { atMost, formatVerdicts, type Verdict } from '../verdicts.js';
import { fillStore } from './filledStore.js';

const options = {
  messages: { summary: 'messages in the room', min: 500, max: 1_000_000, default: 100_000 },
} as const;

type HistoryNumbers = NumbersOf<typeof options>;

const rowsMax = 200;
const frameMsMax = 50;

interface HistoryRun extends Omit<ScrollRecord, 'frameMs'> {
  readonly seconds: number;
  readonly frames: number;
  readonly frameMsP50: number;
  readonly frameMsP99: number;
  /** Frames that took longer than `frameMsMax`. */
  readonly slowFrames: number;
  /** Most messages that the engine held at once. */
  readonly messagesHeldMax: number;
}

/** A long history of a real server, scrolled from its end to its beginning in a real Chromium. */
export const historyBench: Bench = {
  name: 'history',
  summary: 'a long history scrolled to its beginning by wheel and key, in a real Chromium',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const run = await measure(numbers, output);
    const machine = describeMachine();
    const markdown = `${formatVerdicts(verdictsOf(numbers, run))}\n\n${formatMachine(machine)}.`;
    const report = { bench: 'history', machine, arguments: numbers, run };
    const json = keepResult('history', report, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

function verdictsOf({ messages }: HistoryNumbers, run: HistoryRun): Verdict[] {
  const load = `${messages} messages scrolled in ${run.seconds.toFixed(0)} s`;
  return [
    {
      load,
      target: `at most ${rowsMax} rows in the page`,
      figure: `${run.rowsMax} (engine: ${run.messagesHeldMax} messages)`,
      isMet: atMost(run.rowsMax, rowsMax),
    },
    {
      load,
      target: 'no row jumps',
      figure: `${run.shifts} jumps, ${run.shiftPxMax.toFixed(1)} px at most`,
      isMet: atMost(run.shifts, 0),
    },
    {
      load,
      target: `no frame above ${frameMsMax} ms at p99`,
      figure: `${run.frameMsP99.toFixed(1)} ms (${run.slowFrames} of ${run.frames} above)`,
      isMet: atMost(run.frameMsP99, frameMsMax),
    },
  ];
}

async function measure({ messages }: HistoryNumbers, output: BenchOutput): Promise<HistoryRun> {
  const folder = makeFolder();
  output.err(`writing ${messages} messages\n`);
  await fillStore(join(folder, 'data'), messages);
  const server = await startServerProcess({ options: ['--data', join(folder, 'data')] });
  const host = await ClientHost.open({
    profileFolder: join(folder, 'profile'),
    clientName: 'bench/1',
    timeoutMs: 10_000,
    reconnectMs: 0,
    newServers: 'remember',
  });
  const shellModule = import.meta.resolve('@rookery/client/webShell/webShell');
  const pageFolder = fileURLToPath(new URL('../../renderer', shellModule));
  const shell = await openWebShell({ host, pageFolder, port: 0 });
  const browser = await openTestBrowser();
  try {
    await host.connect({ address: `127.0.0.1:${server.info.quic.port}`, nickname: 'Bench' });
    await host.engine.joinRoom(rootRoomId);
    let messagesHeldMax = 0;
    host.engine.subscribe(({ texts }) => {
      const held = texts.get(rootRoomId)?.messages.length ?? 0;
      messagesHeldMax = Math.max(messagesHeldMax, held);
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(shell.newAddress());
    await page.getByRole('article').last().waitFor();
    const record = await recordScrolling(page);
    const beganMs = performance.now();
    await scrollToBeginning(page, messages, output);
    const seconds = (performance.now() - beganMs) / 1_000;
    const { frameMs, ...rest } = await record();
    return {
      ...rest,
      seconds,
      messagesHeldMax,
      frames: frameMs.length,
      frameMsP50: quantile(frameMs, 0.5),
      frameMsP99: quantile(frameMs, 0.99),
      slowFrames: frameMs.filter((ms) => ms > frameMsMax).length,
    };
  } finally {
    await browser.close();
    await shell.close();
    await host.close();
    await server.stop();
  }
}

/** Half of the way by the wheel, half by the key; each turn waits for what it asked to be drawn. */
async function scrollToBeginning(page: Page, messages: number, output: BenchOutput): Promise<void> {
  const shownNumber = `Number.parseInt(document.querySelector('[data-message] .text').innerText)`;
  const drawn = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';
  await page.getByRole('log').hover();
  let told = messages;
  for (;;) {
    const first = await page.evaluate<number>(shownNumber);
    if (first === 0) return;
    if (told - first > messages / 10) {
      told = first;
      output.err(`at message ${first}\n`);
    }
    if (first > messages / 2) await page.mouse.wheel(0, -1_500);
    else {
      await page.evaluate(`document.querySelector('[role=log]').focus({ preventScroll: true })`);
      await page.keyboard.press('PageUp');
    }
    await page.evaluate(drawn);
  }
}
