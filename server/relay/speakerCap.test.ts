import { describe, expect, test } from 'vitest';
import { defaultRoom } from '@rookery/schemas/protocol';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import type { StagePeer } from '../testing/relayStage.js';
import { RelayStage } from '../testing/relayStage.js';

/** Peers in one room with a cap, and the workers by which they are heard. */
class CappedRoom {
  readonly stage: RelayStage;
  readonly peers: StagePeer[];
  readonly #workers: number;

  constructor(peers: number, speakersMax: number, workers = 1) {
    this.#workers = workers;
    this.stage = new RelayStage(401, { workers });
    this.stage.tables.setRoomVoice('lobby', { ...defaultRoom, speakersMax });
    this.peers = Array.from({ length: peers }, () => this.stage.addPeer());
    for (const peer of this.peers) {
      this.stage.tables.moveSession(peer.token, 'lobby');
      this.stage.receive(peer.ping(), peer.address, this.#workerOf(peer));
    }
  }

  /** Each of the given peers sends a frame of its level, in an order that changes. */
  round(levels: readonly (number | null)[], random: SeededRandom): number[] {
    this.stage.nowMs += 20;
    const order = levels.flatMap((level, peer) => (level === null ? [] : [peer]));
    order.sort(() => random.below(3) - 1);
    return order.filter((peer) => this.speak(peer, levels[peer]!)).sort((a, b) => a - b);
  }

  /** @returns whether the others were sent the frame */
  speak(peer: number, level: number): boolean {
    const speaker = this.peers[peer]!;
    const packet = speaker.voice({ level });
    const sent = this.stage.receive(packet, speaker.address, this.#workerOf(speaker));
    expect([0, this.peers.length - 1]).toContain(sent.length);
    return sent.length > 0;
  }

  #workerOf(peer: StagePeer): number {
    return peer.token % this.#workers;
  }
}

describe.each([1, 3])('a room with a cap, heard by %i workers', (workers) => {
  const random = new SeededRandom(402);

  test('lets only the loudest through, and no more than the cap', () => {
    const room = new CappedRoom(8, 3, workers);
    const levels = [3, 14, 5, 12, 8, 2, 15, 4];
    let heard: number[] = [];
    for (let round = 0; round < 30; round++) heard = room.round(levels, random);
    expect(heard).toEqual([1, 3, 6]);
    const { dropQuieter } = room.stage.counters();
    for (let round = 0; round < 10; round++) expect(room.round(levels, random)).toEqual([1, 3, 6]);
    expect(room.stage.counters().dropQuieter).toBe(dropQuieter + 50);
  });

  test('lets everybody through while there are no more than the cap', () => {
    const room = new CappedRoom(5, 3, workers);
    for (let round = 0; round < 10; round++) {
      expect(room.round([1, null, 15, 7, null], random)).toEqual([0, 2, 3]);
    }
  });

  test('does not take turns between speakers of nearly one loudness', () => {
    const room = new CappedRoom(4, 2, workers);
    for (let round = 0; round < 20; round++) room.round([9, 9, null, null], random);
    for (let round = 0; round < 50; round++) {
      // Two others, a little louder now and then.
      const levels = [9, 9, 9 + random.below(2), 9 + random.below(2)];
      expect(room.round(levels, random), `round ${round}`).toEqual([0, 1]);
    }
    // But who is clearly louder comes through, and soon.
    let heard: number[] = [];
    for (let round = 0; round < 20; round++) heard = room.round([9, 9, 15, 9], random);
    expect(heard).toEqual([0, 2]);
  });

  test('gives a place free when its speaker is silent for long enough', () => {
    const room = new CappedRoom(3, 1, workers);
    for (let round = 0; round < 10; round++) room.round([15, 4, null], random);
    expect(room.round([null, 4, null], random)).toEqual([]);
    for (let round = 0; round < 18; round++) room.round([null, 4, null], random);
    expect(room.round([null, 4, null], random)).toEqual([]);
    room.stage.nowMs += 20;
    expect(room.round([null, 4, null], random)).toEqual([1]);
  });

  test('is without one again when it is taken away', () => {
    const room = new CappedRoom(4, 1, workers);
    const levels = [15, 4, 4, 4];
    for (let round = 0; round < 10; round++) room.round(levels, random);
    expect(room.round(levels, random)).toEqual([0]);
    room.stage.tables.setRoomVoice('lobby', defaultRoom);
    expect(room.round(levels, random)).toEqual([0, 1, 2, 3]);
  });
});

test('who left the room does not count as who was loud in it', () => {
  const room = new CappedRoom(3, 1);
  const random = new SeededRandom(403);
  for (let round = 0; round < 10; round++) room.round([15, 4, null], random);
  expect(room.round([15, 4, null], random)).toEqual([0]);
  room.stage.tables.moveSession(room.peers[0]!.token, 'library');
  const { stage, peers } = room;
  const sent = stage.receive(peers[1]!.voice({ level: 4 }), peers[1]!.address);
  expect(sent.map(({ to }) => to)).toEqual([peers[2]!.address]);
});

test('a room may have as many speakers as it likes below its cap', () => {
  const room = new CappedRoom(50, 2);
  const random = new SeededRandom(404);
  const levels = room.peers.map((_peer, i) => (i === 7 || i === 33 ? 14 : 1 + random.below(8)));
  let heard: number[] = [];
  for (let round = 0; round < 20; round++) heard = room.round(levels, random);
  expect(heard).toEqual([7, 33]);
});
