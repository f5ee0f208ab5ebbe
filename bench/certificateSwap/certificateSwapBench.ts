import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BotFleet, type BotFleetFigures } from '@rookery/client/bots/botFleet';
import { encodeSpokenSound } from '@rookery/client/bots/spokenSound';
import { readServerCard } from '@rookery/client/engine/serverCard';
import { fingerprintText } from '@rookery/schemas/loginMessage';
import type { StressResult, StressTestOptions } from '@rookery/schemas/stressTest';
import { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import type { Bench, BenchOutput } from '../bench.js';
import { BenchError } from '../benchError.js';
import { describeMachine, formatMachine } from '../machine.js';
import { makeFolder } from '../measuredProcess.js';
import { numberUsage, parseNumberOptions } from '../numberOptions.js';
import { keepResult } from '../results.js';
import { startServerProcess, type ServerProcess, type ServerStats } from '../serverProcess.js';
import { formatVerdicts } from '../verdicts.js';
import { swapVerdicts, type SwapMeasured } from './swapVerdicts.js';

const options = {
  count: { summary: 'sessions', min: 20, max: 9_000, default: 1_000 },
  speakers: { summary: 'how many of them speak', min: 1, max: 2_000, default: 1_000 },
  rooms: { summary: 'rooms that they share', min: 1, max: 2_000, default: 500 },
  seconds: { summary: 'how long they speak, before and after', min: 4, max: 600, default: 20 },
  ramp: { summary: 'logins a second', min: 10, max: 1_000, default: 100 },
} as const;

/** Silence before the speaking: what the logins brought along is done by then. */
const quietSeconds = 3;
const cardMsMax = 5_000;

type TestCertificate = Awaited<ReturnType<typeof makeTestCertificate>>;

/** Another certificate comes while everybody speaks. */
export const certificateSwapBench: Bench = {
  name: 'certificate-swap',
  summary: 'sessions dropped and frames lost when the certificate changes while all speak',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const measured = await measure(numbers, output);
    const machine = describeMachine();
    const verdicts = swapVerdicts(measured);
    const report = { bench: 'certificate-swap', machine, ...measured, verdicts };
    const markdown = `${formatVerdicts(verdicts)}\n\n${formatMachine(machine)}.`;
    const json = keepResult('certificate-swap', report, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

async function measure(test: StressTestOptions, output: BenchOutput): Promise<SwapMeasured> {
  const folder = makeFolder();
  const first = await makeTestCertificate();
  const given = write(folder, first);
  const server = await startServerProcess({ options: given });
  try {
    const next = await makeTestCertificate(first.privateKey);
    const watch = new SwapWatch(server, test, output, () => write(folder, next));
    const crowd = await runFleet(server, test, (result) => watch.look(result));
    const looks = await watch.end();
    return { test, crowd, ...looks, isNewShown: (await shownBy(server)) === textOf(next) };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** @returns the options of a server that shows it */
function write(folder: string, { certificate, privateKey }: TestCertificate): string[] {
  const [chain, key] = [join(folder, 'chain.pem'), join(folder, 'key.pem')];
  writeFileSync(chain, certificate);
  writeFileSync(key, privateKey);
  return ['--certificate', chain, '--key', key];
}

async function runFleet(
  { info }: ServerProcess,
  test: StressTestOptions,
  onLook: (result: StressResult) => void,
): Promise<BotFleetFigures> {
  const sound = await encodeSpokenSound(null);
  const where = { host: '127.0.0.1', port: info.quic.port, adminPort: info.admin.port };
  const secrets = { namePrefix: 'Bot', password: '', pass: '' };
  const fleet = new BotFleet({ test, ...where, ...secrets, sound, quietSeconds }, onLook);
  return fleet.run(new AbortController().signal);
}

/** Changes the certificate in the middle of the speaking, and reads the server's counts. */
class SwapWatch {
  readonly #server: ServerProcess;
  readonly #seconds: number;
  readonly #output: BenchOutput;
  readonly #writeNext: () => void;
  #speakingFrom: number | null = null;
  #isSwapped = false;
  /** One after another. */
  #reading: Promise<unknown> = Promise.resolve();
  /** From the first frame on. */
  readonly #counts: ServerStats[] = [];

  constructor(
    server: ServerProcess,
    { seconds }: StressTestOptions,
    output: BenchOutput,
    writeNext: () => void,
  ) {
    this.#server = server;
    this.#seconds = seconds;
    this.#output = output;
    this.#writeNext = writeNext;
  }

  look({ seconds, joined, wanted, delivered, lossPct }: StressResult): void {
    const loss = `${lossPct.toFixed(4)} % lost`;
    this.#output.err(`${seconds.toFixed(0)} s: ${joined} of ${wanted}; ${loss}\n`);
    if (delivered === 0) return;
    this.#speakingFrom ??= seconds;
    const spoken = seconds - this.#speakingFrom;
    if (!this.#isSwapped && spoken >= this.#seconds / 2) {
      this.#isSwapped = true;
      this.#writeNext();
      process.kill(this.#server.pid, 'SIGHUP');
      this.#output.err('the certificate changes\n');
    }
    // The last looks are of a crowd that is hushed and leaves.
    if (spoken < this.#seconds - 1) this.#reading = this.#reading.then(() => this.#read());
  }

  async end() {
    await this.#reading;
    const [first, last] = [this.#counts[0], this.#counts.at(-1)];
    if (first === undefined || last === undefined || !this.#isSwapped) {
      throw new BenchError('childFailed', 'Nobody spoke until the certificate was to change.');
    }
    return {
      swaps: last.certificate.swaps,
      sessionsBefore: first.sessions,
      sessionsAfter: last.sessions,
      connectionsClosed: last.quic.closed - first.quic.closed,
      relayDrops: dropsOf(last) - dropsOf(first),
    };
  }

  async #read(): Promise<void> {
    this.#counts.push(await this.#server.stats());
  }
}

/** Voice packets that the server dropped, for whatever reason. */
function dropsOf({ voice }: ServerStats): number {
  return Object.entries(voice)
    .filter(([name]) => name.startsWith('drop'))
    .reduce((sum, [, count]) => sum + Number(count), 0);
}

async function shownBy({ info }: ServerProcess): Promise<string> {
  const address = { host: '127.0.0.1', port: info.quic.port };
  const { signal } = new AbortController();
  const seen = await readServerCard({ address, timeoutMs: cardMsMax, signal });
  return seen.fingerprints.certificate;
}

function textOf({ fingerprint }: TestCertificate): string {
  return fingerprintText(fingerprint);
}
