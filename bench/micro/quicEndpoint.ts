import { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import type { BenchFigure, FigureBench } from '../bench.js';
import { median } from '../statistics.js';
import { BindingWork } from './bindingWork.js';
import { EndpointWork } from './endpointWork.js';
import { SocketWork } from './quicEndpointSockets.js';
import type { QuicWork } from './quicWork.js';

const repetitions = 9;
const logInsAtOnce = 50;
const audience = 100;
/** A chat message with its frame. */
const messageBytes = 200;

/** What a server's side does, counted in units. */
interface Task {
  readonly name: string;
  readonly units: number;
  /** In memory, by our endpoint or the bare binding. */
  inMemory(work: QuicWork): void;
  /** By our server in a process of its own. */
  withSockets(work: SocketWork): Promise<void>;
}

/** CPU-seconds of the server's side for one repetition. */
interface Costs {
  readonly bare: number;
  readonly inMemory: number;
  readonly withSockets: number;
}

const tasks: readonly Task[] = [logInTask(4), deliveryTask(1, 60), deliveryTask(10, 20)];

function logInTask(rounds: number): Task {
  return {
    name: 'logins',
    units: rounds * logInsAtOnce,
    inMemory(work) {
      for (let round = 0; round < rounds; round++) work.logIn(logInsAtOnce);
    },
    async withSockets(work) {
      for (let round = 0; round < rounds; round++) await work.logIn(logInsAtOnce);
    },
  };
}

function deliveryTask(messages: number, rounds: number): Task {
  const message = new Uint8Array(messageBytes);
  return {
    name: `stream deliveries, ${messages} a turn`,
    units: messages * rounds * audience,
    inMemory(work) {
      for (let round = 0; round < rounds; round++) work.deliver(message, messages);
    },
    async withSockets(work) {
      await work.deliver(messageBytes, messages, rounds);
    },
  };
}

/**
 * Logins and stream deliveries for each CPU-second of the server's side alone: our endpoint in
 * memory, and with a real socket as a whole process with what the kernel does for it; each beside
 * the bare binding in memory, which has no Retry, no routing and no limits.
 */
export const quicEndpointBench: FigureBench = {
  name: 'quic',
  summary: 'logins and stream deliveries of a QUIC server, beside the bare binding',
  async run() {
    const tls = await makeTestCertificate();
    const endpoint = new EndpointWork(tls);
    const binding = new BindingWork(tls);
    for (const work of [endpoint, binding]) work.openAudience(audience);
    const sockets = await SocketWork.start(tls);
    try {
      await sockets.openAudience(audience);
      const figures: BenchFigure[] = [];
      for (const task of tasks) figures.push(...(await measure(task, endpoint, binding, sockets)));
      return figures;
    } finally {
      await sockets.close();
    }
  },
};

/** Turn and turn about, so that a slow spell of the machine meets all. */
async function measure(
  task: Task,
  endpoint: QuicWork,
  binding: QuicWork,
  sockets: SocketWork,
): Promise<BenchFigure[]> {
  const runs: Costs[] = [];
  for (let i = 0; i <= repetitions; i++) {
    const costs = {
      inMemory: costInMemory(task, endpoint),
      bare: costInMemory(task, binding),
      withSockets: await costWithSockets(task, sockets),
    };
    // The first one warms up.
    if (i > 0) runs.push(costs);
  }
  return (['inMemory', 'withSockets'] as const).map((variant) => ({
    name: `${task.name}${variant === 'inMemory' ? '' : ', real sockets'}`,
    unit: 'per CPU-second',
    value: task.units / median(runs.map((costs) => costs[variant])),
    yardstick: task.units / median(runs.map(({ bare }) => bare)),
    ratio: median(runs.map((costs) => costs.bare / costs[variant])),
  }));
}

function costInMemory(task: Task, work: QuicWork): number {
  const before = work.serverCpu.seconds;
  task.inMemory(work);
  return work.serverCpu.seconds - before;
}

async function costWithSockets(task: Task, work: SocketWork): Promise<number> {
  const before = await work.serverCpuSeconds();
  await task.withSockets(work);
  return (await work.serverCpuSeconds()) - before;
}
