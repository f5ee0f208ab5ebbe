import { beforeAll, describe, expect, it } from 'vitest';
import type { Uuid } from '@rookery/schemas/messages';
import { shardOf } from '@rookery/schemas/roomShard';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { roughLink } from '@rookery/transport/testing/simulatedLink';
import { Simulation } from '@rookery/transport/testing/simulation';
import { steppedClockObstacle } from '@rookery/transport/testing/steppedClock';
import { streamLimits } from '../streamLimits.js';
import { RoomStreamStage } from '../testing/roomStreamStage.js';

const room = roomOfShard(0, 1);
const sameShard = roomOfShard(0, 2);
const otherShard = roomOfShard(1, 1);
const seeds = [1, 2, 3, 4, 5, 6];

let simulation: Simulation;

describe.skipIf(steppedClockObstacle !== null)('text of several rooms', () => {
  beforeAll(async () => {
    simulation = await Simulation.start();
  });

  /** The order of arrival of a text whose packet gets lost, and one sent just after it. */
  function arrivals(later: Uuid): { texts: string[]; ms: number } {
    const stage = new RoomStreamStage(simulation.pair());
    stage.send(room, 'first of the room');
    stage.send(later, 'first of the other');
    stage.runUntil(2);
    stage.conditions = { loss: 1 };
    stage.send(room, 'lost');
    stage.run(1);
    stage.conditions = { loss: 0 };
    const sentAtMs = stage.nowMs;
    stage.send(later, 'later');
    stage.runUntil(4);
    const after = stage.deliveries.slice(2);
    const arrived = after.find(({ text }) => text === 'later');
    return { texts: after.map(({ text }) => text), ms: Math.round(arrived!.atMs - sentAtMs) };
  }

  it('does not wait for a packet of another room that was lost', () => {
    const { texts, ms } = arrivals(otherShard);
    expect(texts).toEqual(['later', 'lost']);
    // As long as the link takes, and not a moment for the repetition of the other.
    expect(ms).toBe(10);
  });

  it('waits within a shard, which shows that there was something to wait for', () => {
    const { texts, ms } = arrivals(sameShard);
    expect(texts).toEqual(['lost', 'later']);
    expect(ms).toBeGreaterThan(10);
  });

  it('does not wait within a shard for a room that has its own stream', () => {
    const stage = new RoomStreamStage(simulation.pair());
    stage.send(room, '1', 'hot');
    stage.send(sameShard, '2');
    stage.runUntil(2);
    stage.conditions = { loss: 1 };
    stage.send(room, 'lost', 'hot');
    stage.run(1);
    stage.conditions = { loss: 0 };
    stage.send(sameShard, 'later');
    stage.runUntil(4);
    expect(stage.deliveries.slice(2).map(({ text }) => text)).toEqual(['later', 'lost']);
  });

  it.each(seeds)('keeps its order on a bad link, from stream to stream (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const stage = new RoomStreamStage(simulation.pair({ seed }));
    stage.conditions = roughLink;
    const rooms = [room, sameShard, otherShard];
    const sent = new Map<Uuid, string[]>(rooms.map((roomId) => [roomId, []]));
    let count = 0;
    for (const heat of ['calm', 'hot', 'calm', 'hot'] as const) {
      for (let index = 0; index < 40; index++) {
        const roomId = rooms[random.below(rooms.length)]!;
        const text = String(count++);
        sent.get(roomId)!.push(text);
        stage.send(roomId, text, roomId === otherShard ? 'calm' : heat);
        stage.run(random.below(10));
      }
    }
    stage.runUntil(count);
    for (const roomId of rooms) {
      expect(stage.textsOf(roomId), `seed ${seed}, room ${roomId}`).toEqual(sent.get(roomId));
    }
  });
});

function roomOfShard(shard: number, nth: number): Uuid {
  let found = 0;
  for (let index = 1; ; index++) {
    const roomId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    if (shardOf(roomId, streamLimits.shardCount) === shard) found += 1;
    if (found === nth) return roomId;
  }
}
