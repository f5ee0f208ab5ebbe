import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, BenchOutput } from '../bench.js';
import { describeMachine, formatMachine } from '../machine.js';
import { numberUsage, parseNumberOptions } from '../numberOptions.js';
import { RequestChild } from '../requestChannel.js';
import { keepResult } from '../results.js';
import { startServerProcess, type ServerProcess } from '../serverProcess.js';
import { HonestClients } from './honestClients.js';
import {
  attackNames,
  type AttackKind,
  type AttackReply,
  type AttackRequest,
} from './hostileMessages.js';
import { formatHostile, type AttackResult, type Spell } from './hostileReport.js';

const options = {
  seconds: { summary: 'of each attack, and before it', min: 1, max: 600, default: 10 },
  handshakes: { summary: 'that are begun and left', min: 10, max: 100_000, default: 10_000 },
  megabytes: { summary: 'sent to one stream', min: 1, max: 10_000, default: 1_000 },
} as const;

const memoryIntervalMs = 100;
const mebibyte = 1_048_576;

/** What honest clients notice while peers break the rules, and what it costs in memory. */
export const hostileBench: Bench = {
  name: 'hostile',
  summary: 'honest logins and messages, and memory, beside peers that break rules',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const results: AttackResult[] = [];
    for (const kind of Object.keys(attackNames) as AttackKind[]) {
      output.err(`${attackNames[kind]}\n`);
      results.push(await runAttack(kind, numbers, output));
    }
    const machine = describeMachine();
    const report = { bench: 'hostile', machine, arguments: numbers, results };
    const markdown = formatHostile(results, formatMachine(machine));
    const json = keepResult('hostile', report, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

/** One attack on a server of its own. */
async function runAttack(
  kind: AttackKind,
  { seconds, handshakes, megabytes }: Record<keyof typeof options, number>,
  output: BenchOutput,
): Promise<AttackResult> {
  const attacker = new RequestChild<AttackRequest, AttackReply>(
    'attacker',
    new URL('./attackerProcess.js', import.meta.url),
  );
  const server = await startServerProcess();
  const { port } = server.info.quic;
  const honest = await HonestClients.open(port);
  try {
    const before = await during(server, honest, delay(seconds * 1_000));
    const bytes = megabytes * 1_000_000;
    const attack = attacker.ask({ kind, port, seconds, handshakes, bytes });
    const beside = await during(server, honest, attack);
    const { connections, packets, bytes: sentBytes } = await attack;
    output.err(`  ${connections} connections, ${packets} packets\n`);
    return { kind, connections, packets, bytes: sentBytes, before, beside };
  } finally {
    await honest.close();
    await attacker.end();
    await server.stop();
  }
}

async function during(
  { pid }: ServerProcess,
  honest: HonestClients,
  until: Promise<unknown>,
): Promise<Spell> {
  let memoryBytesMax = anonymousBytes(pid);
  const watching = setInterval(() => {
    memoryBytesMax = Math.max(memoryBytesMax, anonymousBytes(pid));
  }, memoryIntervalMs);
  try {
    const delays = await honest.measure(until);
    return { ...delays, memoryMiBMax: memoryBytesMax / mebibyte };
  } finally {
    clearInterval(watching);
  }
}

/** Resident, and not of files that are mapped: proc_pid_status(5). */
function anonymousBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1_024;
}
