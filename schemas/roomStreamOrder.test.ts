import { beforeEach, describe, expect, test } from 'vitest';
import { FrameType } from './frameType.js';
import type { Message, RoomMessage } from './messages.js';
import { RoomStreamOrder } from './roomStreamOrder.js';
import { shardOf } from './roomShard.js';
import { SeededRandom } from './testing/seededRandom.js';
import { textMessage } from './testing/textToSend.js';
import type { Uuid } from './uuid.js';

const room = '00000000-0000-4000-8000-000000000001';
const shardCount = 8;
const shard = 3;
const hot = 7;

let delivered: string[];
let order: RoomStreamOrder;

beforeEach(() => {
  delivered = [];
  order = new RoomStreamOrder(({ message }) => delivered.push((message as RoomMessage).text));
});

const received = (message: Message) => ({ message, requestId: 0, stateHash: null });

const say = (text: string, roomId: Uuid = room): RoomMessage => ({
  type: FrameType.RoomMessage,
  ...textMessage({ text, roomId }),
});

const assignment = (of: Uuid): Message => ({
  type: FrameType.ShardAssignment,
  shard: shardOf(of, shardCount),
  shardCount,
});
const promoted = (hotStream = hot): Message => ({
  type: FrameType.RoomPromoted,
  roomId: room,
  hotStream,
});
const demoted: Message = { type: FrameType.RoomDemoted, roomId: room };

const onShard = (...messages: Message[]): void => {
  for (const message of messages) order.takeFromShard(shard, received(message));
};
const onHot = (...messages: Message[]): void => {
  for (const message of messages) order.takeFromHot(hot, received(message));
};

describe('keeps the order of a room', () => {
  test('that is promoted, whichever stream is ahead', () => {
    onHot(say('3'), say('4'));
    onShard(assignment(room), say('1'), say('2'));
    expect(delivered).toEqual(['1', '2']);
    expect(order.heldCount).toBe(2);
    onShard(promoted());
    onHot(say('5'));
    expect(delivered).toEqual(['1', '2', '3', '4', '5']);
    expect(order.heldCount).toBe(0);
  });

  test('that is demoted, while others of its shard do not wait', () => {
    const other = neighbourOf(room);
    onShard(assignment(room), promoted(), say('3'), say('other', other));
    expect(delivered).toEqual(['other']);
    onHot(say('1'), say('2'), demoted);
    onShard(say('4'));
    expect(delivered).toEqual(['other', '1', '2', '3', '4']);
  });

  test('in any order of arrival of any number of switches', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = new SeededRandom(seed);
      delivered = [];
      order = new RoomStreamOrder(({ message }) => delivered.push((message as RoomMessage).text));
      const { streams, texts } = conversation(random);
      const waiting = [...streams];
      while (waiting.length > 0) {
        const index = random.below(waiting.length);
        const [stream, messages] = waiting[index]!;
        const next = received(messages.shift()!);
        if (stream === shard) order.takeFromShard(stream, next);
        else order.takeFromHot(stream, next);
        if (messages.length === 0) waiting.splice(index, 1);
      }
      expect(delivered, `seed ${seed}`).toEqual(texts);
      expect(order.heldCount, `seed ${seed}`).toBe(0);
    }
  });
});

describe('refuses', () => {
  test('a room on a shard that is not its own, and a shard without assignment', () => {
    expect(() => onShard(say('1'))).toThrow('wrong stream');
    onShard({ type: FrameType.ShardAssignment, shard: (shardOf(room, 8) + 1) % 8, shardCount });
    expect(() => onShard(say('1'))).toThrow('wrong stream');
  });

  test('a second assignment', () => {
    onShard(assignment(room));
    expect(() => onShard(assignment(room))).toThrow('wrong stream');
  });

  test('another room on a hot stream, and a message of no room', () => {
    onShard(assignment(room), promoted());
    expect(() => onHot(say('1', neighbourOf(room)))).toThrow('wrong stream');
    expect(() => onHot({ type: FrameType.Ping, nonce: 1 })).toThrow('wrong stream');
  });

  test('more than it would ever have to hold', () => {
    expect(() => {
      for (let count = 0; count < 5_000; count++) onHot(say('x'));
    }).toThrow('wait for their turn');
    expect(order.heldCount).toBe(4_096);
  });
});

/** Another room of the same shard. */
function neighbourOf(roomId: Uuid): Uuid {
  for (let index = 2; ; index++) {
    const other = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    if (shardOf(other, shardCount) === shardOf(roomId, shardCount)) return other;
  }
}

/** What a server puts on its streams while it promotes and demotes a room again and again. */
function conversation(random: SeededRandom): {
  streams: [number, Message[]][];
  texts: string[];
} {
  const texts: string[] = [];
  const shardMessages: Message[] = [assignment(room)];
  const streams: [number, Message[]][] = [[shard, shardMessages]];
  let current = shardMessages;
  for (let count = 0; count < 60; count++) {
    if (random.chance(0.2)) {
      if (current === shardMessages) {
        const stream = hot + 4 * streams.length;
        shardMessages.push(promoted(stream));
        current = [];
        streams.push([stream, current]);
      } else {
        current.push(demoted);
        current = shardMessages;
      }
    }
    texts.push(String(count));
    current.push(say(String(count)));
  }
  return { streams: streams.filter(([, messages]) => messages.length > 0), texts };
}
