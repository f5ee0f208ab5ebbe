import { describe, expect, test } from 'vitest';
import { readKind, readToken, VoiceKind } from '@rookery/schemas/voicePacket';
import type { VoiceLimits } from '../limits.js';
import { unbundle } from '../testing/loopbackPeer.js';
import type { SentPacket, StagePeer } from '../testing/relayStage.js';
import { RelayStage, stageLimits } from '../testing/relayStage.js';

const receivers = 9;

/** A room heard by nine, whose speaker is with the first of several workers that are all busy. */
class SharedRoom {
  readonly stage: RelayStage;
  readonly speaker: StagePeer;
  readonly #workers: number;
  readonly #other: StagePeer;

  constructor(workers: number, limits: Partial<VoiceLimits> = {}, bundleWindowMs = 5) {
    this.#workers = workers;
    this.stage = new RelayStage(811, {
      workers,
      bundleWindowMs,
      limits: {
        ...stageLimits,
        shareReceiversMin: receivers,
        bundleIdleFramesPerSecond: 0,
        bundleBusyFramesPerSecond: 1,
        ...limits,
      },
    });
    this.speaker = this.stage.addSpeaker('lobby');
    const listeners = Array.from({ length: receivers }, () => this.stage.addSpeaker('lobby'));
    this.#other = listeners[0]!;
    for (let worker = 1; worker < workers; worker++) this.sendOwn(worker);
    // How many hear the room is known from the first frame on; everybody has said that it looks.
    this.everybodyLooks();
    this.converse();
  }

  /** Two speak, so that frames may gain from each other. */
  converse(): void {
    for (const peer of [this.#other, this.speaker]) {
      this.stage.take(peer.voice(), peer.address);
      this.everybodyLooks();
    }
    this.stage.sent.length = 0;
  }

  /** A packet that comes to that worker. */
  sendOwn(worker: number): void {
    const peer = this.stage.addPeer();
    this.stage.take(peer.ping(), peer.address, worker);
  }

  everybodyLooks(): void {
    for (let round = 0; round < 2; round++) {
      for (let worker = 0; worker < this.#workers; worker++) this.stage.flush(worker);
      this.stage.nowMs += 6;
    }
  }

  speak(): void {
    this.stage.take(this.speaker.voice(), this.speaker.address);
  }

  /** What a worker sends when it looks and what it has is due. */
  sentBy(worker: number): SentPacket[] {
    this.stage.sent.length = 0;
    this.stage.flush(worker);
    this.stage.nowMs += 6;
    this.stage.flush(worker);
    return this.stage.sent.splice(0);
  }
}

/** Whose frames a packet holds. */
function framesOf(packet: Uint8Array): number[] {
  const frames = readKind(packet, 0) === VoiceKind.Bundle ? unbundle(packet) : [packet];
  return frames.map((frame) => readToken(frame, 0)).sort((a, b) => a - b);
}

/** All go on looking, but for a second nothing comes to the second worker. */
function comeToOne(room: SharedRoom): void {
  for (let i = 0; i < 100; i++) {
    room.stage.take(room.speaker.ping(), room.speaker.address);
    room.everybodyLooks();
  }
  room.converse();
}

function speakAlone(room: SharedRoom): void {
  for (let i = 0; i < 40; i++) {
    room.speak();
    room.everybodyLooks();
  }
}

const portsOf = (sent: SentPacket[]): number[] => sent.map(({ to }) => to.port);

describe('a room that many hear', () => {
  test.each([2, 3])('is shared by %i workers while they are busy', (workers) => {
    const room = new SharedRoom(workers);
    const framesBefore = room.stage.counters().framesIn;
    room.speak();
    const parts = Array.from({ length: workers }, (_worker, index) => portsOf(room.sentBy(index)));
    for (const part of parts) {
      expect(part.length).toBeGreaterThanOrEqual(Math.floor(receivers / workers));
      expect(part.length).toBeLessThanOrEqual(Math.ceil((receivers + 1) / workers));
    }
    const all = parts.flat();
    expect(new Set(all).size).toBe(receivers);
    expect(all).toHaveLength(receivers);
    expect(all).not.toContain(room.speaker.address.port);
    expect(room.stage.counters().framesIn).toBe(framesBefore + 1);
  });

  test('gets frames that came to different workers in one datagram', () => {
    const room = new SharedRoom(2);
    const { stage, speaker } = room;
    const other = stage.addSpeaker('lobby');
    // The other worker, too, learns at the first frame how many hear the room.
    stage.receive(other.voice(), other.address, 1);
    room.everybodyLooks();
    room.speak();
    stage.take(other.voice(), other.address, 1);
    const sent = [...room.sentBy(0), ...room.sentBy(1)];
    const framesTo = new Map(sent.map(({ to, bytes }) => [to.port, framesOf(bytes)]));
    expect(sent).toHaveLength(receivers + 2);
    expect(framesTo.get(speaker.address.port)).toEqual([other.token]);
    expect(framesTo.get(other.address.port)).toEqual([speaker.token]);
    const both = [speaker.token, other.token].sort((a, b) => a - b);
    const toListeners = [...framesTo.values()].filter(({ length }) => length > 1);
    expect(toListeners).toEqual(new Array(receivers).fill(both));
  });

  test('loses frames that a worker finds too late, which are counted', () => {
    const room = new SharedRoom(2);
    room.speak();
    expect(room.sentBy(0).length).toBeLessThan(receivers);
    room.stage.nowMs += 200;
    expect(room.sentBy(1)).toEqual([]);
    expect(room.stage.counters().dropRing).toBe(1);
  });

  const alone: [string, (room: SharedRoom) => void, Partial<VoiceLimits>][] = [
    ['a worker has not looked for long', ({ stage }) => (stage.nowMs += 101), {}],
    ['no packets come to a worker', comeToOne, {}],
    ['one has spoken alone for long', speakAlone, {}],
    ['fewer hear it', () => undefined, { shareReceiversMin: receivers + 2 }],
    ['nobody is busy', () => undefined, { bundleIdleFramesPerSecond: 1e6 }],
  ];
  test.each(alone)('is served by one worker where %s', (_why, change, limits) => {
    const room = new SharedRoom(2, limits);
    change(room);
    room.stage.flush(0);
    room.speak();
    expect(room.sentBy(0)).toHaveLength(receivers);
    expect(room.sentBy(1)).toEqual([]);
  });

  test('wakes no worker to look for frames while another sleeps', () => {
    const room = new SharedRoom(2);
    expect(room.stage.nextDueMs()).toBeLessThan(Infinity);
    comeToOne(room);
    for (let i = 0; i < 10; i++) {
      room.speak();
      room.everybodyLooks();
    }
    expect(room.stage.nextDueMs()).toBe(Infinity);
  });

  test('is served by one worker where no frame may wait', () => {
    const room = new SharedRoom(2, {}, 0);
    expect(room.stage.nextDueMs()).toBe(Infinity);
    room.speak();
    expect(room.sentBy(0)).toHaveLength(receivers);
    expect(room.sentBy(1)).toEqual([]);
  });

  test('is served by one worker again where the ring to another is full', () => {
    const room = new SharedRoom(2, { packetsBurst: 10_000 });
    const { stage } = room;
    let shared = 0;
    for (; shared < 1_000; shared++) {
      stage.sent.length = 0;
      room.speak();
      stage.flush(0);
      if (stage.sent.length === receivers) break;
    }
    expect(shared).toBeGreaterThan(400);
    expect(shared).toBeLessThan(700);
    expect(stage.counters().dropRing).toBe(0);
    // And shared again when that has taken them.
    room.sentBy(1);
    room.speak();
    expect(room.sentBy(0).length).toBeLessThan(receivers);
  });
});
