import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandLanes, laneStreams, type CommandLane } from '@rookery/schemas/commandLane';
import { encodeFrame } from '@rookery/schemas/frame';
import { FrameType } from '@rookery/schemas/frameType';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import { encodeMessage } from '@rookery/schemas/messageCodec';
import { CloseCode, rootRoomId, StreamKind } from '@rookery/schemas/protocol';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import type { RefusalReason } from './protocolCounters.js';
import type { TestClient } from '../testing/testClient.js';
import { startTestServer, type TestServer } from '../testing/testServer.js';

let server: TestServer;
let bystander: TestClient;

beforeAll(async () => {
  server = await startTestServer();
  bystander = await server.join({ displayName: 'Bystander' });
  await bystander.command({ type: FrameType.JoinRoom, roomId: rootRoomId });
});

afterAll(async () => {
  await server.close();
});

const join = { type: FrameType.JoinRoom, roomId: rootRoomId } as const;
const ping = { type: FrameType.Ping, nonce: 1 } as const;
const hello = {
  type: FrameType.Hello,
  protocolVersion: 1,
  features: [],
  clientName: 'test',
} as const;
const done = { type: FrameType.CommandDone, createdId: null, listId: 0 } as const;
const oversizedHeader = Uint8Array.of(FrameType.Hello, 0, 0, 0, 0x7f);

const leave = encodeMessage({ type: FrameType.LeaveRoom });

type Lane = 'control' | CommandLane;
type Violation = [what: string, reason: RefusalReason, violate: (client: TestClient) => void];

const onEachLane = (lane: Lane): Violation[] => [
  [
    `a type that nobody knows on ${lane}`,
    'unknownType',
    (client) => client.sendBytes(lane, encodeFrame(0xee, new Uint8Array(4))),
  ],
  [
    `a frame that holds no message on ${lane}`,
    'malformed',
    (client) => client.sendBytes(lane, encodeFrame(FrameType.JoinRoom, new Uint8Array(40))),
  ],
  [
    `a length beyond the limit on ${lane}`,
    'oversized',
    (client) => client.sendBytes(lane, oversizedHeader),
  ],
  [
    `another message than the frame says on ${lane}`,
    'typeMismatch',
    (client) => {
      const bytes = encodeMessage(ping);
      bytes[0] = FrameType.LeaveRoom;
      client.sendBytes(lane, bytes);
    },
  ],
  [
    `a message of the server on ${lane}`,
    'outOfPlace',
    (client) => client.sendBytes(lane, encodeMessage(done)),
  ],
];

const ofLane = (lane: CommandLane): Violation[] => [
  [
    `a second stream of ${lane}`,
    'unexpectedStream',
    (client) => {
      client.sendBytes(lane, leave.subarray(0, 3));
      client.openUni(Uint8Array.of(laneStreams[lane].kind));
    },
  ],
  [
    `a reset of the stream of ${lane}`,
    'streamReset',
    (client) => {
      client.sendBytes(lane, leave.subarray(0, 3));
      client.resetLane(lane);
    },
  ],
];

const violations: Violation[] = [
  ...onEachLane('control'),
  ...commandLanes.flatMap((lane) => [...onEachLane(lane), ...ofLane(lane)]),
  ['a command on the control stream', 'outOfPlace', (client) => client.sendControl(join)],
  ['a command among the acks', 'outOfPlace', (client) => client.sendBytes('acks', leave)],
  ['a command among the files', 'outOfPlace', (client) => client.sendBytes('bulk', leave)],
  ['Hello a second time', 'outOfPlace', (client) => client.sendControl(hello)],
  ['a ping on the command stream', 'outOfPlace', (client) => client.sendCommand(ping)],
  [
    'a second bidirectional stream',
    'unexpectedStream',
    (client) => client.openBidi(new Uint8Array(3)),
  ],
  [
    "a stream of a kind that is the server's",
    'unexpectedStream',
    (client) => client.openUni(Uint8Array.of(StreamKind.Shard, 1, 2)),
  ],
  // Or it could begin streams without end, and the library remembers each for good.
  [
    'a stream that ends without a byte',
    'unexpectedStream',
    (client) => client.openUni(new Uint8Array(0), true),
  ],
  ['a stream of no kind', 'unexpectedStream', (client) => client.openUni(Uint8Array.of(0xff))],
  [
    'commands without end',
    'flood',
    (client) => {
      for (let index = 0; index < 400; index++) client.sendCommand(join);
    },
  ],
  [
    'pings without end',
    'flood',
    (client) => {
      for (let index = 0; index < 400; index++) client.sendControl(ping);
    },
  ],
];

function count(reason: RefusalReason): number {
  return (server.running.stats() as { protocolErrors: Record<RefusalReason, number> })
    .protocolErrors[reason];
}

async function expectBystanderUnharmed(): Promise<void> {
  await bystander.until('the offender is gone', () => bystander.sessions.size === 1);
  const sent = await bystander.command({
    type: FrameType.SetSelfState,
    muted: !bystander.self.muted,
    deafened: false,
  });
  expect(sent.type).toBe(FrameType.CommandDone);
}

describe('closes whoever sends, and counts it, while others notice nothing:', () => {
  test.each(violations)('%s', async (_what, reason, violate) => {
    const client = await server.join();
    const before = count(reason);
    violate(client);
    const close = await client.untilClosed();
    expect(close).toMatchObject({ by: 'peer', code: CloseCode.ProtocolViolation });
    expect(client.control.some((message) => message.type === FrameType.Error)).toBe(true);
    expect(count(reason)).toBe(before + 1);
    await expectBystanderUnharmed();
  });
});

describe('before login, closes whoever sends', () => {
  const early: [what: string, reason: RefusalReason, violate: (client: TestClient) => void][] = [
    ['a command', 'outOfPlace', (client) => void client.sendCommand(join)],
    [
      'Auth without Hello',
      'outOfPlace',
      (client) => client.sendControl(client.signAuth({ challenge: new Uint8Array(32) })),
    ],
    [
      'garbage',
      'oversized',
      (client) => client.sendBytes('control', new Uint8Array(64).fill(0xc3)),
    ],
  ];
  test.each(early)('%s', async (_what, reason, violate) => {
    const client = await server.connect();
    const before = count(reason);
    violate(client);
    expect((await client.untilClosed()).by).toBe('peer');
    expect(count(reason)).toBe(before + 1);
    await expectBystanderUnharmed();
  });
});

test('random bytes on every stream close their sender alone', async () => {
  const lanes: Lane[] = ['control', ...commandLanes];
  for (let seed = 1; seed <= 40; seed++) {
    const random = new SeededRandom(seed);
    const client = await server.join();
    const lane: Lane = lanes[random.below(lanes.length)]!;
    // Bytes may be an unfinished frame so far; then others follow.
    for (let writes = 0; writes < 1_000 && client.closed === null; writes++) {
      client.sendBytes(lane, random.bytes(1 + random.below(200)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await client.untilClosed();
    expect(client.closed?.by, `seed ${seed}`).toBe('peer');
  }
  await expectBystanderUnharmed();
});

const goodbye = {
  type: FrameType.Goodbye,
  reason: GoodbyeReason.ClientLeft,
  message: '',
} as const;

const partings: [string, (client: TestClient) => void][] = [
  ['saying goodbye', (client) => client.sendControl(goodbye)],
  ['ending the control stream', (client) => client.finishControl()],
];

test.each(partings)('%s is no offence', async (_how, part) => {
  const client = await server.join();
  const before = server.running.stats().protocolErrors;
  part(client);
  expect((await client.untilClosed()).code).toBe(CloseCode.Done);
  expect(server.running.stats()).toMatchObject({ protocolErrors: before });
  await expectBystanderUnharmed();
});

test('answers pings', async () => {
  const client = await server.join();
  client.sendControl({ type: FrameType.Ping, nonce: 77 });
  const isPong = (): boolean => client.control.at(-1)?.type === FrameType.Pong;
  await client.until('Pong has come', isPong);
  expect(client.control.at(-1)).toEqual({ type: FrameType.Pong, nonce: 77 });
  client.close();
  await expectBystanderUnharmed();
});
