import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openFileDevice } from '@rookery/client/engine/audio/device/fileDevice';
import { WavWriter } from '@rookery/client/engine/audio/wavWriter';
import { ClientHost } from '@rookery/client/host/clientHost';
import { openTestBrowser } from '@rookery/client/webShell/testing/testBrowser';
import { openWebShell } from '@rookery/client/webShell/webShell';
import { rootRoomId } from '@rookery/schemas/protocol';
import { sampleRate } from '@rookery/schemas/voicePacket';
import type { Page } from 'playwright-core';
import type { Bench, BenchOutput } from '../bench.js';
import { BenchError } from '../benchError.js';
import { describeMachine, formatMachine } from '../machine.js';
import { makeFolder } from '../measuredProcess.js';
import { numberUsage, parseNumberOptions, type NumbersOf } from '../numberOptions.js';
import { keepResult } from '../results.js';
import { startServerProcess } from '../serverProcess.js';
import { quantile } from '../statistics.js';
import { atMost, formatVerdicts, type Verdict } from '../verdicts.js';
import { readPageClock, type ClockOffset } from './pageClock.js';
import { VoiceExit } from './voiceExit.js';

const options = {
  clicks: { summary: 'clicks on mute', min: 1, max: 1_000, default: 50 },
} as const;

const muteMsMax = 50;
/** Ten frames that did not come: nothing more is on its way. */
const quietMs = 200;
/** Longer than anything here takes that works. */
const waitMsMax = 10_000;

interface MuteRun {
  /** From each click to the last packet of voice after it; 0 where none left. */
  readonly muteMs: readonly number[];
  /** Most packets of voice that left after a click. */
  readonly packetsMax: number;
  readonly clock: ClockOffset;
}

/** How long one is still heard after a click on mute: a real page, engine and server. */
export const muteBench: Bench = {
  name: 'mute',
  summary: 'how long voice still leaves after a click on mute, in a real Chromium',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const run = await measure(numbers, output);
    const machine = describeMachine();
    const note = `${formatMachine(machine)}. ${method(run)}`;
    const markdown = `${formatVerdicts(verdictsOf(run))}\n\n${note}`;
    const report = { bench: 'mute', machine, arguments: numbers, run };
    const json = keepResult('mute', report, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

function verdictsOf({ muteMs, packetsMax }: MuteRun): Verdict[] {
  const load = `${muteMs.length} clicks on mute`;
  const most = Math.max(...muteMs);
  const [p50, p99] = [0.5, 0.99].map((share) => quantile(muteMs, share).toFixed(1));
  return [
    {
      load,
      target: `no packet of voice later than ${muteMsMax} ms`,
      figure: `${most.toFixed(1)} ms (p50 ${p50}, p99 ${p99}; at most ${packetsMax} packets)`,
      isMet: atMost(most, muteMsMax),
    },
  ];
}

function method({ clock }: MuteRun): string {
  return (
    "From the time stamp of the page's click to the last packet of voice that the engine gave to " +
    'the kernel; the two clocks were compared before, and may differ by ' +
    `${clock.errorMsMax.toFixed(1)} ms. 0 where nothing left after the click.`
  );
}

async function measure(
  { clicks }: NumbersOf<typeof options>,
  output: BenchOutput,
): Promise<MuteRun> {
  const folder = makeFolder();
  const exit = new VoiceExit();
  const microphone = join(folder, 'microphone.wav');
  writeTone(microphone);
  const server = await startServerProcess();
  const host = await ClientHost.open({
    profileFolder: join(folder, 'profile'),
    clientName: 'bench/1',
    timeoutMs: 10_000,
    reconnectMs: 0,
    newServers: 'remember',
    openVoiceSocket: exit.openSocket,
    audio: {
      open: () => openFileDevice({ inPath: microphone, outPath: null, repeat: 'loop' }),
    },
  });
  await host.changeSettings({ isSetUp: true });
  const shellModule = import.meta.resolve('@rookery/client/webShell/webShell');
  const pageFolder = fileURLToPath(new URL('../../renderer', shellModule));
  const shell = await openWebShell({ host, pageFolder, port: 0 });
  const browser = await openTestBrowser();
  try {
    await host.connect({ address: `127.0.0.1:${server.info.quic.port}`, nickname: 'Bench' });
    await host.engine.joinRoom(rootRoomId);
    host.engine.sound.setMode('continuous');
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en' });
    await page.goto(shell.newAddress());
    return await clickAgainAndAgain(page, exit, clicks, output);
  } finally {
    await browser.close();
    await shell.close();
    await host.close();
    await server.stop();
  }
}

/** What runs in the page: notes when the browser saw the last click. */
const clickRecorder = `
  window.addEventListener('click', ({ timeStamp }) => {
    window.rookeryClickMs = performance.timeOrigin + timeStamp;
  }, { capture: true });
`;

async function clickAgainAndAgain(
  page: Page,
  exit: VoiceExit,
  clicks: number,
  output: BenchOutput,
): Promise<MuteRun> {
  const mute = page.getByRole('button', { name: 'Mute', exact: true });
  await mute.waitFor();
  await page.evaluate(clickRecorder);
  const clock = await readPageClock(page);
  const muteMs: number[] = [];
  let packetsMax = 0;
  for (let click = 0; click < clicks; click++) {
    exit.clear();
    await until('voice to leave', () => exit.quietForMs() < quietMs);
    // So that clicks fall on all moments of a frame of 20 ms.
    await delay(quietMs + ((click * 7) % 20));
    await mute.click();
    await until('voice to end', () => exit.quietForMs() > quietMs);
    const clickedMs = (await page.evaluate<number>('window.rookeryClickMs')) - clock.ms;
    const after = exit.leftAfter(clickedMs);
    muteMs.push((after.at(-1) ?? clickedMs) - clickedMs);
    packetsMax = Math.max(packetsMax, after.length);
    await mute.click();
    if ((click + 1) % 10 === 0) output.err(`${click + 1} clicks\n`);
  }
  return { muteMs, packetsMax, clock };
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + waitMsMax;
  while (!isSo()) {
    if (performance.now() > endMs) {
      throw new BenchError('childFailed', `waited ${waitMsMax / 1_000} s for ${what}`);
    }
    await delay(1);
  }
}

/** Two seconds of a quiet tone. */
function writeTone(path: string): void {
  const hz = 220;
  const peak = 3_000;
  const wav = new WavWriter(path);
  const sample = (_: unknown, i: number): number =>
    Math.round(peak * Math.sin((2 * Math.PI * hz * i) / sampleRate));
  wav.write(Int16Array.from({ length: 2 * sampleRate }, sample));
  wav.close();
}
