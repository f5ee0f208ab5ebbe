import { expect, test } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { CallEntry } from '@rookery/schemas/generated/rookery/call-entry';
import { RoomType } from '@rookery/schemas/generated/rookery/room-type';
import type { CallInfo, CallPut, RoomKey, Uuid } from '@rookery/schemas/messages';
import { rootRoomId } from '@rookery/schemas/protocol';
import { SeededRandom } from '@rookery/schemas/testing/seededRandom';
import { controlLimits } from '../limits.js';
import { CommunityState } from '../state/communityState.js';
import type { Outcome } from '../state/outcome.js';
import type { StoredTalk } from '../store/talkRecord.js';
import { RelayStage, type StagePeer } from '../testing/relayStage.js';
import { CallBook } from './callBook.js';

const numbered = (kind: string, number: number): Uuid =>
  `00000000-0000-4000-800${kind}-${String(number).padStart(12, '0')}`;
const userIds = [0, 1, 2, 3, 4, 5, 6].map((number) => numbered('a', number));
const talksAtOnce = 3;
const rooms = [rootRoomId, numbered('c', 1)];
const entries = [CallEntry.Ring, CallEntry.Answer, CallEntry.Return];

/** A user who is logged in, and where: in a room, or in the call of a talk. */
interface Member {
  readonly userId: Uuid;
  readonly peer: StagePeer;
  place: Uuid | null;
}

/** The book on a real relay, and beside it who must be where, asked anew every time. */
class Stage {
  readonly members = new Map<Uuid, Member>();
  readonly talks = new Map<Uuid, StoredTalk>();
  /** What each session was told last of each call. */
  readonly told = new Map<number, Map<Uuid, CallInfo>>();
  /** The newest key of each call, with all who were ever given it. */
  readonly keys = new Map<Uuid, { number: number; known: Set<number> }>();
  /** In which order people came to the calls. */
  #inCall: Member[] = [];
  readonly #random: SeededRandom;
  readonly #relay: RelayStage;
  readonly #state = new CommunityState(controlLimits.state);
  readonly #book: CallBook;
  #keyCount = 0;
  #talkCount = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.#relay = new RelayStage(seed);
    this.#state.createRoom(rooms[1]!, rootRoomId, 'Den');
    while (this.talks.size < talksAtOnce) this.#openTalk();
    this.#book = new CallBook({
      state: this.#state,
      voice: this.#relay.tables,
      talks: {
        find: (talkId) => this.talks.get(talkId) ?? null,
        ofUser: (userId) => [...this.talks.values()].filter((talk) => isOf(talk, userId)),
      },
      limits: { callsMax: talksAtOnce, ringMs: 50 },
      tokenOf: (userId) => this.members.get(userId)?.peer.token ?? null,
      publish: (outcome) => this.#apply(outcome),
      send: (tokens, message) => this.#take(tokens, message),
      scheduleFlush: () => undefined,
      overlapMs: 200,
      randomBytes: () => Uint8Array.of(++this.#keyCount & 0xff, this.#keyCount >> 8),
      nowMs: () => this.#relay.nowMs,
      wallClockMs: () => this.#relay.nowMs,
    });
  }

  get callCount(): number {
    return this.#book.count;
  }

  /** Who must be in a call, in the order in which they came. */
  inCall(talkId: Uuid): Member[] {
    return this.#inCall.filter(({ place }) => place === talkId);
  }

  step(): void {
    const random = this.#random;
    this.#relay.nowMs += random.below(20);
    const userId = userIds[random.below(userIds.length)]!;
    const talk = [...this.talks.values()][random.below(talksAtOnce)]!;
    const member = this.members.get(userId);
    if (member === undefined) this.#login(userId);
    else if (random.chance(0.05)) this.#logout(member);
    else if (random.chance(0.3)) this.#changeRoom(member);
    else if (random.chance(0.1)) this.#changeTalk(talk, userId);
    else if (random.chance(0.15)) this.#book.decline(this.#session(member), talk.talkId);
    else if (random.chance(0.2)) this.#hangUp(member);
    else this.#enter(member, talk);
  }

  flush(): void {
    this.#book.sweep(this.#relay.nowMs);
    this.#book.flush();
  }

  /** @returns who hears one frame of somebody, by token, sorted */
  heardOf({ peer }: Member): number[] {
    const sent = this.#relay.receive(peer.voice(), peer.address);
    const ports = new Set(sent.map(({ to }) => to.port));
    const heard = [...this.members.values()].filter((one) => ports.has(one.peer.address.port));
    return heard.map((one) => one.peer.token).sort();
  }

  /** Puts another talk in the place of one that has no call: rows of the relay are few. */
  replaceQuietTalk(): void {
    for (const talkId of this.talks.keys()) {
      if (this.inCall(talkId).length > 0) continue;
      this.talks.delete(talkId);
      this.#openTalk();
      return;
    }
  }

  #openTalk(): void {
    const talkId = numbered('b', ++this.#talkCount);
    const first = this.#random.below(4);
    const participants = userIds.slice(first, first + 4);
    const type = RoomType.Group;
    this.talks.set(talkId, { talkId, type, name: 'x', createdAtMs: 1, userIds: participants });
  }

  #login(userId: Uuid): void {
    const peer = this.#relay.addPeer();
    const member = { userId, peer, place: null };
    this.#relay.receive(peer.ping(), peer.address);
    this.#apply(this.#state.addSession(peer.token, userId, 'x'));
    this.members.set(userId, member);
    this.#book.welcome(this.#session(member));
  }

  /** In the order in which a session ends. */
  #logout(member: Member): void {
    const { token } = member.peer;
    this.members.delete(member.userId);
    this.told.delete(token);
    this.#relay.tables.removeSession(token);
    this.#apply(this.#state.removeSession(token));
    this.#move(member, null);
  }

  #changeRoom(member: Member): void {
    const { token } = member.peer;
    const roomId = rooms[this.#random.below(rooms.length)]!;
    if (this.#random.chance(0.3)) {
      const left = this.#state.leaveRoom(token);
      this.#apply(left);
      if (!left.refused) this.#move(member, null);
      return;
    }
    this.#apply(this.#state.joinRoom(token, roomId));
    this.#move(member, roomId);
  }

  #enter(member: Member, talk: StoredTalk): void {
    const { talkId } = talk;
    const entry = entries[this.#random.below(entries.length)]!;
    const isRefused =
      !isOf(talk, member.userId) ||
      (entry === CallEntry.Answer && this.inCall(talkId).length === 0);
    const refused = this.#book.enter(this.#session(member), talkId, entry);
    expect(refused !== null).toBe(isRefused);
    if (!isRefused && member.place !== talkId) this.#move(member, talkId);
  }

  #hangUp(member: Member): void {
    const isIn = this.talks.has(member.place ?? '');
    expect(this.#book.leave(this.#session(member)) === null).toBe(isIn);
    if (isIn) this.#move(member, null);
  }

  /** Somebody takes part in a talk, or no longer. */
  #changeTalk(before: StoredTalk, userId: Uuid): void {
    const others = before.userIds.filter((id) => id !== userId);
    const isOut = isOf(before, userId);
    const talk = { ...before, userIds: isOut ? others : [...others, userId] };
    this.talks.set(talk.talkId, talk);
    this.#book.noteTalk(talk);
    const member = this.members.get(userId);
    if (!isOut || member === undefined) return;
    this.told.get(member.peer.token)?.delete(talk.talkId);
    if (member.place === talk.talkId) this.#move(member, null);
  }

  #move(member: Member, place: Uuid | null): void {
    member.place = place;
    this.#inCall = this.#inCall.filter((one) => one !== member);
    this.#inCall.push(member);
  }

  /** As the publisher does. */
  #apply(outcome: Outcome): void {
    if (outcome.refused) return;
    this.#book.note(outcome);
    for (const { sessionToken, to } of outcome.moves) {
      if (this.#state.session(sessionToken) !== null) {
        this.#relay.tables.moveSession(sessionToken, to);
      }
    }
  }

  #take(tokens: readonly number[], message: CallPut | RoomKey): void {
    const talkId = message.type === FrameType.RoomKey ? message.roomId : message.call.talkId;
    for (const token of tokens) {
      const { userId } = this.#state.session(token)!;
      // Nobody else is ever told of a call.
      expect(isOf(this.talks.get(talkId)!, userId)).toBe(true);
      if (message.type === FrameType.RoomKey) this.#learnKey(token, message);
      else this.#toldOf(token).set(talkId, message.call);
    }
  }

  #toldOf(token: number): Map<Uuid, CallInfo> {
    const calls = this.told.get(token) ?? new Map<Uuid, CallInfo>();
    this.told.set(token, calls);
    return calls;
  }

  #learnKey(token: number, { roomId, key }: RoomKey): void {
    const number = key[0]! + (key[1]! << 8);
    const before = this.keys.get(roomId);
    const known = before?.number === number ? before.known : new Set<number>();
    this.keys.set(roomId, { number, known: known.add(token) });
  }

  #session({ userId, peer }: Member) {
    return { token: peer.token, userId, displayName: 'x' };
  }
}

function isOf(talk: StoredTalk, userId: Uuid): boolean {
  return talk.userIds.includes(userId);
}

/** What must hold whenever the book has told what there is to tell. */
function expectTold(stage: Stage, where: string): void {
  const talkIds = [...stage.talks.keys()];
  const going = talkIds.filter((talkId) => stage.inCall(talkId).length > 0);
  expect(stage.callCount, where).toBe(going.length);
  for (const talkId of talkIds) {
    const tokens = stage.inCall(talkId).map(({ peer }) => peer.token);
    if (tokens.length > 0) {
      const { known } = stage.keys.get(talkId)!;
      expect([...known].sort(), `${where}: who knows the key`).toEqual(tokens.toSorted());
    }
    for (const { userId, peer } of stage.members.values()) {
      const call = stage.told.get(peer.token)?.get(talkId);
      const shown = call?.members.map(({ sessionToken }) => sessionToken) ?? [];
      const isShown = isOf(stage.talks.get(talkId)!, userId);
      expect(shown, `${where}: who is shown to be in it`).toEqual(isShown ? tokens : []);
      const inIt = new Set(stage.inCall(talkId).map((member) => member.userId));
      const outside = [...(call?.ringingUserIds ?? []), ...(call?.declinedUserIds ?? [])];
      expect(outside.filter((id) => inIt.has(id) || !isOf(stage.talks.get(talkId)!, id))).toEqual(
        [],
      );
    }
  }
}

test.each([1, 2, 3])('voice, keys and news go to partners alone (seed %i)', (seed) => {
  const stage = new Stage(seed);
  const random = new SeededRandom(seed + 100);
  let together = 0;
  for (let step = 0; step < 1_500; step++) {
    const where = `seed ${seed}, step ${step}`;
    stage.step();
    const speaker = [...stage.members.values()][random.below(stage.members.size)];
    if (speaker !== undefined) {
      const { place } = speaker;
      const others = [...stage.members.values()].filter((one) => one.place === place);
      const hearers = others.filter((one) => one !== speaker && place !== null);
      const tokens = hearers.map(({ peer }) => peer.token).sort();
      expect(stage.heardOf(speaker), `${where}: who hears`).toEqual(tokens);
      if (stage.talks.has(place ?? '')) together += tokens.length;
    }
    if (!random.chance(0.4)) continue;
    stage.flush();
    expectTold(stage, where);
    stage.replaceQuietTalk();
  }
  expect(together).toBeGreaterThan(100);
});
