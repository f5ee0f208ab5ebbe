import { beforeEach, expect, test } from 'vitest';
import { FrameReader } from '@rookery/schemas/frame';
import { FrameType } from '@rookery/schemas/frameType';
import { decodeMessage, encodeMessage } from '@rookery/schemas/messageCodec';
import type { Message, Uuid } from '@rookery/schemas/messages';
import { StreamKind } from '@rookery/schemas/protocol';
import { Outbox } from '../broadcast/outbox.js';
import { controlLimits } from '../limits.js';
import { streamLimits } from '../streamLimits.js';
import { RoomStreams, type OpenedStream } from './roomStreams.js';

const roomIds = ['1', '2', '3'].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`);
const [chess, games, music] = roomIds as [Uuid, Uuid, Uuid];
const { ShardAssignment, RoomPromoted, RoomDemoted, Pong } = FrameType;
const frame = encodeMessage({ type: Pong, nonce: 1 });
const { Shard, Hot, View } = StreamKind;

/** What was put on a stream. */
class Line {
  readonly messages: Message[] = [];
  isFinished = false;
  readonly #reader = new FrameReader(65_536);

  constructor(readonly kind: StreamKind) {}

  readonly write = (bytes: Uint8Array): boolean => {
    this.#reader.push(bytes);
    const next = this.#reader.next();
    if (next !== null) this.messages.push(decodeMessage(next.type, next.payload).message);
    return true;
  };

  readonly finish = (): boolean => (this.isFinished = true);

  types(): FrameType[] {
    return this.messages.map(({ type }) => type);
  }
}

let lines: Line[];
let streams: RoomStreams;
let linesMax: number;
let nowMs: number;

function open(kind: StreamKind): OpenedStream | null {
  if (lines.length >= linesMax) return null;
  const line = new Line(kind);
  lines.push(line);
  const outbox = new Outbox(line, { waitingBytes: 0 }, controlLimits.session, () => nowMs);
  return { stream: 100 + lines.length, outbox };
}

beforeEach(() => {
  lines = [];
  linesMax = 20;
  nowMs = 0;
  const view = open(View)!.outbox;
  const limits = { ...streamLimits, hotRoomsMax: 2 };
  streams = new RoomStreams({ limits, open, view, nowMs: () => nowMs });
});

const send = (roomId: Uuid, shard: number, isHot: boolean): boolean =>
  streams.send({ roomId, shard, isHot }, frame);

const kinds = (): StreamKind[] => lines.map(({ kind }) => kind);

test('opens a shard with its first message, which says what it carries', () => {
  expect(kinds()).toEqual([View]);
  send(chess, 3, false);
  send(games, 3, false);
  send(music, 4, false);
  expect(kinds()).toEqual([View, Shard, Shard]);
  expect(lines[1]!.messages[0]).toEqual({ type: ShardAssignment, shard: 3, shardCount: 8 });
  expect(lines[1]!.types()).toEqual([ShardAssignment, Pong, Pong]);
  expect(lines[2]!.types()).toEqual([ShardAssignment, Pong]);
});

test('moves a hot room to a stream of its own and says so where it was', () => {
  send(chess, 3, false);
  send(chess, 3, true);
  send(chess, 3, true);
  expect(lines[1]!.types()).toEqual([ShardAssignment, Pong, RoomPromoted]);
  expect(lines[1]!.messages[2]).toMatchObject({ roomId: chess, hotStream: 103 });
  expect(lines[2]!.kind).toBe(Hot);
  expect(lines[2]!.types()).toEqual([Pong, Pong]);
});

test('moves a room that is hot no more back and ends its stream', () => {
  send(chess, 3, true);
  send(chess, 3, false);
  expect(lines[2]!.types()).toEqual([Pong, RoomDemoted]);
  expect(lines[2]!.isFinished).toBe(true);
  expect(lines[1]!.types()).toEqual([ShardAssignment, RoomPromoted, Pong]);
  expect(streams.hotCount).toBe(0);
});

test('gives no more rooms a stream of their own than it may, until one is unused', () => {
  send(chess, 3, true);
  nowMs = 30_000;
  send(games, 3, true);
  send(music, 4, true);
  expect(streams.hotCount).toBe(2);
  expect(lines.at(-1)!.types()).toEqual([ShardAssignment, Pong]);
  nowMs = 60_000;
  streams.giveUpUnused();
  expect(streams.hotCount).toBe(1);
  send(music, 4, true);
  expect(streams.hotCount).toBe(2);
});

test('goes on on the stream of the view where the client allows no other', () => {
  linesMax = 1;
  send(chess, 3, true);
  linesMax = 20;
  send(chess, 3, true);
  expect(kinds()).toEqual([View]);
  expect(lines[0]!.types()).toEqual([Pong, Pong]);
});
