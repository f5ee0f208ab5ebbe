import { makeTestCertificate } from '@rookery/transport/testing/testCertificate';
import type { BenchFigure, FigureBench } from '../bench.js';
import { median } from '../statistics.js';
import { BindingWork } from './bindingWork.js';
import { EndpointWork } from './endpointWork.js';
import type { QuicWork } from './quicWork.js';

const repetitions = 9;
const logInsPerRepetition = 150;
const audience = 100;
/** A chat message with its frame. */
const messageBytes = 200;

interface Task {
  readonly name: string;
  readonly unit: string;
  /** @returns how many units were done */
  run(work: QuicWork): number;
}

const tasks: readonly Task[] = [
  {
    name: 'logins',
    unit: 'per CPU-second',
    run(work) {
      work.logIn(logInsPerRepetition);
      return logInsPerRepetition;
    },
  },
  deliveryTask(1, 60),
  deliveryTask(10, 20),
];

function deliveryTask(messages: number, rounds: number): Task {
  const message = new Uint8Array(messageBytes);
  return {
    name: `stream deliveries, ${messages} a turn`,
    unit: 'per CPU-second',
    run(work) {
      let bytes = 0;
      for (let round = 0; round < rounds; round++) bytes += work.deliver(message, messages);
      return bytes / messageBytes;
    },
  };
}

/** Logins and stream deliveries, our endpoint on both sides against the binding driven bare. */
export const quicEndpointBench: FigureBench = {
  name: 'quic',
  summary: 'logins and stream deliveries of the QUIC endpoint, beside the bare binding',
  async run() {
    const tls = await makeTestCertificate();
    const endpoint = new EndpointWork(tls);
    const binding = new BindingWork(tls);
    for (const work of [endpoint, binding]) work.openAudience(audience);
    return tasks.map((task) => measure(task, endpoint, binding));
  },
};

/** Turn and turn about, so that a slow spell of the machine meets both. */
function measure(task: Task, endpoint: QuicWork, binding: QuicWork): BenchFigure {
  const ours: number[] = [];
  const bare: number[] = [];
  for (const work of [endpoint, binding]) task.run(work);
  for (let i = 0; i < repetitions; i++) {
    ours.push(perCpuSecond(task, endpoint));
    bare.push(perCpuSecond(task, binding));
  }
  return {
    name: task.name,
    unit: task.unit,
    value: median(ours),
    yardstick: median(bare),
    ratio: median(ours.map((value, index) => value / bare[index]!)),
  };
}

function perCpuSecond(task: Task, work: QuicWork): number {
  const before = process.cpuUsage();
  const units = task.run(work);
  const { user, system } = process.cpuUsage(before);
  return units / ((user + system) / 1e6);
}
