import { setTimeout as delay } from 'node:timers/promises';
import { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import type { Bench } from '../bench.js';
import { BenchError } from '../benchError.js';
import { describeMachine, formatMachine } from '../machine.js';
import { numberUsage, parseNumberOptions } from '../numberOptions.js';
import { readProcessUsage } from '../processUsage.js';
import { RequestChild } from '../requestChannel.js';
import { keepResult } from '../results.js';
import { startServerProcess } from '../serverProcess.js';
import { atMost, formatVerdicts } from '../verdicts.js';
import type { BareReply, BareRequest } from './bareServerProcess.js';
import type { FromIdleClients, IdleAs, ToIdleClients } from './memoryMessages.js';

const options = {
  clients: { summary: 'idle clients', min: 100, max: 9_000, default: 2_000 },
  first: {
    summary: 'clients before them, which warm the server up',
    min: 0,
    max: 900,
    default: 300,
  },
} as const;

const kibibytes = 1_024;
const targetKiB = 64;
/** What an engine collects when it is idle is collected by then. */
const settleMs = 12_000;

/** Memory that a server holds for each idle client, beside the binding's own for a connection. */
export const memoryBench: Bench = {
  name: 'memory',
  summary: 'memory of the server for each idle client, beside the bare QUIC binding',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const { clients, first } = numbers;
    const serverKiB = await measureServer(first, clients);
    const bareKiB = await measureBare(first, clients);
    const beyondKiB = serverKiB - bareKiB;
    const machine = describeMachine();
    const figure =
      `${beyondKiB.toFixed(1)} KiB (${serverKiB.toFixed(1)} KiB, of which the bare binding ` +
      `${bareKiB.toFixed(1)})`;
    const verdict = {
      load: `${clients} idle clients`,
      target: `at most ${targetKiB} KiB each beyond the QUIC connection`,
      figure,
      isMet: atMost(beyondKiB, targetKiB),
    };
    const report = { bench: 'memory', machine, ...numbers, serverKiB, bareKiB, beyondKiB };
    const markdown = `${formatVerdicts([verdict])}\n\n${formatMachine(machine)}.`;
    const json = keepResult('memory', report, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

async function measureServer(first: number, clients: number): Promise<number> {
  const server = await startServerProcess();
  try {
    const { port } = server.info.quic;
    return await growthOf({ pid: server.pid, port, as: 'session' }, first, clients);
  } finally {
    await server.stop();
  }
}

async function measureBare(first: number, clients: number): Promise<number> {
  const entry = new URL('./bareServerProcess.js', import.meta.url);
  const server: RequestChild<BareRequest, BareReply> = new RequestChild('bare server', entry);
  try {
    const { pid, port } = await server.ask({ type: 'start', tls: await makeTestCertificate() });
    return await growthOf({ pid, port, as: 'connection' }, first, clients);
  } finally {
    await server.end();
  }
}

/** @returns KiB of resident memory for each of the clients that come after the first */
async function growthOf(
  server: { readonly pid: number; readonly port: number; readonly as: IdleAs },
  first: number,
  clients: number,
): Promise<number> {
  const { pid, port, as } = server;
  const entry = new URL('./idleClientsProcess.js', import.meta.url);
  const idle: RequestChild<ToIdleClients, FromIdleClients> = new RequestChild('clients', entry);
  try {
    await idle.ask({ type: 'connect', port, count: first, as });
    await delay(settleMs);
    const before = readProcessUsage(pid).residentBytes;
    await idle.ask({ type: 'connect', port, count: clients, as });
    await delay(settleMs);
    const after = readProcessUsage(pid).residentBytes;
    const { lost } = await idle.ask({ type: 'countLost' });
    if (lost > 0) throw new BenchError('refused', `${lost} of the idle clients were closed.`);
    return (after - before) / kibibytes / clients;
  } finally {
    await idle.end();
  }
}
