import { FrameType } from '@rookery/schemas/frameType';
import { encodeMessage } from '@rookery/schemas/messageCodec';
import { SyncedView } from '@rookery/schemas/syncedView';
import { PublishedView } from '@rookery/server/state/publishedView';
import type { BenchFigure, FigureBench } from '../bench.js';
import { median } from '../statistics.js';
import { Crowd, type CrowdOptions } from './crowd.js';

const many = 10_000;
const few = 100;
const sessionsPerRoom = 20;
const repetitions = 5;
/** Everybody in the tree, but nobody told of all members, also where few are there. */
const scoped = { membersForAllMax: 0 };

/** What a state change costs the server and a client, on a large server beside a small one. */
export const stateBench: FigureBench = {
  name: 'state',
  summary: `a join, a login and a hash at ${many} present, beside the same at ${few}; no QUIC`,
  run: () =>
    Promise.resolve([
      { ...joining('join, room of 20', crowdOf(many), 0), ratioMax: 1.5 },
      joining('join at 100/s, counts for all told', crowdOf(many), 10),
      arriving(),
      arrivingInOneRoom(),
      { ...hashing(), ratioMin: 0.8, ratioMax: 1.2 },
      following(),
    ]),
};

function crowdOf(sessions: number): CrowdOptions {
  return { sessions, sessionsPerRoom, limits: scoped };
}

/** @param stepMs between two joins; 0 stops the clock, so that no counts are told meanwhile */
function joining(name: string, options: CrowdOptions, stepMs: number): BenchFigure {
  const measure = (crowd: Crowd): (() => void) => {
    const [here, there] = crowd.rooms;
    let isHere = true;
    return () => {
      isHere = !isHere;
      crowd.passMs(stepMs);
      crowd.move(1, isHere ? here! : there!);
    };
  };
  const crowds = [new Crowd(options), new Crowd(crowdOf(few))].map(measure);
  return compare(`${name}, ${many} present`, crowds, 2_000);
}

/** Login, join and leave; the view that a newcomer is sent is all that differs. */
function arriving(): BenchFigure {
  const measure = (crowd: Crowd) => () => crowd.leave(crowd.arrive(crowd.rooms[0]!));
  const crowds = [new Crowd(crowdOf(many)), new Crowd(crowdOf(few))].map(measure);
  return compare(`login, join and leave, room of 20, ${many} present`, crowds, 1_000);
}

/** A newcomer of a room that all are in is sent all of them; beside it, encoding them once. */
function arrivingInOneRoom(): BenchFigure {
  const crowd = new Crowd({ sessions: many, sessionsPerRoom: many, limits: scoped });
  const [roomId] = crowd.rooms;
  const members = crowd.everybody().filter((session) => session.roomId === roomId);
  const work = [
    () => crowd.leave(crowd.arrive(roomId!)),
    () => void encodeMessage({ type: FrameType.RoomMembers, roomId: roomId!, members }),
  ];
  return compare(`login, join and leave, room of ${many}; beside encoding the room`, work, 10);
}

/** All in one room, which is the largest part that there can be. */
function hashing(): BenchFigure {
  const measure = (sessions: number): (() => void) => {
    const { state } = new Crowd({ sessions, sessionsPerRoom: sessions, limits: scoped });
    const view = new PublishedView(state);
    view.publishSessions(state.snapshot().sessions.map(({ sessionToken }) => sessionToken));
    let muted = false;
    return () => {
      muted = !muted;
      state.setSelfState(1, { muted, deafened: false });
      view.publishSessions([1]);
      view.hash();
    };
  };
  return compare(`hash of a change, ${many} in a room`, [measure(many), measure(few)], 20_000);
}

/** An update that a client takes and verifies, all in one room. */
function following(): BenchFigure {
  const measure = (sessions: number): (() => void) => {
    const { state, rooms } = new Crowd({ sessions, sessionsPerRoom: sessions, limits: scoped });
    const server = new PublishedView(state);
    const view = new SyncedView();
    const members = state.snapshot().sessions;
    const roomId = rooms[0]!;
    server.publishSessions(members.map(({ sessionToken }) => sessionToken));
    view.apply({ type: FrameType.RoomMembers, roomId, members }, server.membersHash(roomId));
    const updates = [true, false].map((muted) => {
      state.setSelfState(1, { muted, deafened: false });
      const changes = server.publishSessions([1]).get(roomId)!;
      const update = { type: FrameType.MembersUpdate, roomId, changes } as const;
      return { update, hash: server.membersHash(roomId) };
    });
    let at = 0;
    return () => {
      const { update, hash } = updates[at++ % 2]!;
      if (view.apply(update, hash) !== null) throw new Error('the view diverged');
    };
  };
  return compare(`client: an update, ${many} in a room`, [measure(many), measure(few)], 20_000);
}

/** Times both in turn; the ratio is the median over the repetitions. */
function compare(name: string, work: readonly (() => void)[], runs: number): BenchFigure {
  const [large, small] = work as [() => void, () => void];
  timeUs(large, runs);
  timeUs(small, runs);
  const pairs = Array.from({ length: repetitions }, () => ({
    value: timeUs(large, runs),
    yardstick: timeUs(small, runs),
  }));
  return {
    name,
    unit: 'µs',
    value: median(pairs.map(({ value }) => value)),
    yardstick: median(pairs.map(({ yardstick }) => yardstick)),
    ratio: median(pairs.map(({ value, yardstick }) => value / yardstick)),
  };
}

/** CPU of this thread's process, which does nothing else: µs of one run. */
function timeUs(run: () => void, runs: number): number {
  const before = process.cpuUsage();
  for (let index = 0; index < runs; index++) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}
