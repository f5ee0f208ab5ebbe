import { FrameType } from '@rookery/schemas/frameType';
import { encodeMessage } from '@rookery/schemas/messageCodec';
import { newUuid } from '@rookery/schemas/uuid';
import type { Bench, BenchOutput } from '../bench.js';
import { BenchError } from '../benchError.js';
import { describeMachine, formatMachine } from '../machine.js';
import { numberUsage, parseNumberOptions, type NumbersOf } from '../numberOptions.js';
import { readProcessUsage, usageBetween } from '../processUsage.js';
import { RequestChild } from '../requestChannel.js';
import { keepResult } from '../results.js';
import { startServerProcess, type ServerProcess } from '../serverProcess.js';
import type { FromSessionProcess, ToSessionProcess } from '../sessions/sessionMessages.js';
import type { Writing } from '../sessions/writers.js';
import { median, medianOf } from '../statistics.js';
import { atLeast, formatVerdicts } from '../verdicts.js';
import { BareDeliveries } from './bareDeliveries.js';

const options = {
  members: { summary: 'sessions in the room', min: 2, max: 5_000, default: 1_000 },
  writers: { summary: 'how many of them write, by turns', min: 1, max: 1_000, default: 50 },
  pace: { summary: 'messages a second, of all together', min: 1, max: 90, default: 25 },
  messages: { summary: 'messages of each run', min: 10, max: 10_000, default: 200 },
  runs: { summary: 'runs, of which the medians are told', min: 1, max: 99, default: 5 },
} as const;

type ChatNumbers = NumbersOf<typeof options>;

const targetRatio = 0.6;
const text = 'Shall we meet in the usual room at eight? I bring the map.';

/** What one run measured, of the server and of the bare binding right after it. */
interface ChatRun {
  readonly deliveriesPerCpuSecond: number;
  readonly barePerCpuSecond: number;
  /** Deliveries of the server in each packet that it sent. */
  readonly perPacket: number;
  /** CPU of the whole server process, in shares of a core. */
  readonly serverLoad: number;
}

type SessionProcess = RequestChild<ToSessionProcess, FromSessionProcess>;

/** A room in which people write, on a real server, beside the bare binding in memory. */
export const chatBench: Bench = {
  name: 'chat',
  summary: 'chat delivered in a large room, for each CPU-second, beside the bare QUIC binding',
  options: numberUsage(options).join('\n'),
  run: async (args, output) => {
    const { numbers, flags } = parseNumberOptions(args, options, ['json']);
    const runs = await measure(numbers, output);
    const machine = describeMachine();
    const markdown = `${verdictOf(numbers, runs)}\n\n${formatMachine(machine)}; ${notes}`;
    const report = { bench: 'chat', machine, arguments: numbers, runs };
    const json = keepResult('chat', report, markdown);
    output.out(flags.json ? `${json}\n` : `${markdown}\n`);
  },
};

const notes =
  'medians of all runs. Each message is on the disk before it is delivered. CPU is of the whole ' +
  'server process and of the kernel for it, sockets, store and search index with it; the bare ' +
  'binding has no sockets, and puts as many messages into a packet.';

async function measure(numbers: ChatNumbers, output: BenchOutput): Promise<ChatRun[]> {
  const { members, writers, pace, messages, runs } = numbers;
  const server = await startServerProcess();
  const entry = new URL('../sessions/sessionProcess.js', import.meta.url);
  const sessions: SessionProcess = new RequestChild('process of the sessions', entry);
  try {
    output.err(`logging ${members} sessions in\n`);
    const { port } = server.info.quic;
    await sessions.ask({ type: 'open', port, rooms: 1, membersPerRoom: members, guests: 0 });
    const bare = await BareDeliveries.open(members);
    const writing = {
      text,
      messages,
      writers: Math.min(writers, members),
      messagesPerSecond: pace,
    };
    const measured: ChatRun[] = [];
    for (let run = 0; run <= runs; run++) {
      const figures = await measureRun(server, sessions, bare, writing);
      // The first one warms up.
      if (run > 0) measured.push(figures);
    }
    return measured;
  } finally {
    await sessions.end();
    await server.stop();
  }
}

async function measureRun(
  { pid }: ServerProcess,
  sessions: SessionProcess,
  bare: BareDeliveries,
  writing: Writing,
): Promise<ChatRun> {
  const before = readProcessUsage(pid);
  const answer = await sessions.ask({ type: 'write', writing });
  const { cpuSeconds } = usageBetween(before, readProcessUsage(pid));
  if (answer.type !== 'written') throw new BenchError('childFailed', 'Nothing was written.');
  const { deliveries, packets, tookMs } = answer.written;
  // A server that is late, as on a busy machine, sends several messages at once, which is cheaper.
  const perPacket = deliveries / packets;
  const together = Math.max(1, Math.round(perPacket));
  const bytes = deliveredBytes(writing.text);
  return {
    deliveriesPerCpuSecond: deliveries / cpuSeconds,
    barePerCpuSecond: bare.perCpuSecond(bytes, writing.messages, together),
    perPacket,
    serverLoad: cpuSeconds / (tookMs / 1_000),
  };
}

/** Of one message as it comes to each. */
function deliveredBytes(text: string): number {
  const ids = { messageId: newUuid(), roomId: newUuid(), userId: newUuid() };
  return encodeMessage({
    type: FrameType.RoomMessage,
    ...ids,
    displayName: 'Bench 10',
    text,
    sentAtMs: Date.now(),
    clientMessageId: newUuid(),
    replyToId: null,
    mentionedIds: [],
    attachmentIds: [],
    editedAtMs: null,
    deleted: false,
    reactions: [],
  }).length;
}

function verdictOf({ members, pace }: ChatNumbers, runs: readonly ChatRun[]): string {
  const ratio = median(runs.map((run) => run.deliveriesPerCpuSecond / run.barePerCpuSecond));
  const thousands = (perSecond: number): string =>
    perSecond.toLocaleString('en-US', { maximumFractionDigits: 0 });
  const ours = thousands(medianOf(runs, (run) => run.deliveriesPerCpuSecond));
  const bare = thousands(medianOf(runs, (run) => run.barePerCpuSecond));
  const perPacket = medianOf(runs, (run) => run.perPacket).toFixed(2);
  const load = (100 * medianOf(runs, ({ serverLoad }) => serverLoad)).toFixed(0);
  return formatVerdicts([
    {
      load: `a room of ${members}, ${pace} messages a second`,
      target: `≥ ${targetRatio.toFixed(2)} of bare stream deliveries per CPU-second`,
      figure:
        `${ratio.toFixed(2)} (${ours} beside ${bare}), ${perPacket} messages a packet, ` +
        `the server at ${load} % of a core`,
      isMet: atLeast(ratio, targetRatio),
    },
  ]);
}
