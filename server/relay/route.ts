import type { FanOut, FanOutSocket } from '@rookery/transport/batchSocket';
import { nobody } from '@rookery/transport/batchSocket';
import { tokenSlot } from '@rookery/schemas/voicePacket';
import { isQuicAddress } from '../tables/pathTable.js';
import type { ReceiverListReader } from '../tables/receiverLists.js';
import { noRoom } from '../tables/sessionTable.js';
import { AddressChanges } from './addressChanges.js';
import type { SessionPaths } from './sessionPaths.js';

/** Who hears a room, laid out for sending. */
export interface Route {
  readonly roomIndex: number;
  readonly fanOut: FanOut;
  /** Those that are heard over QUIC; the first `quicCount`. */
  readonly quicTokens: Uint32Array;
  readonly quicCount: number;
  /** How many may hear the room, reached or not, in any share. */
  readonly listedCount: number;
}

/** Which of the receivers are routed to: those in slots that leave `part` modulo `of`. */
export interface ReceiverShare {
  readonly part: number;
  readonly of: number;
}

const everybody: ReceiverShare = { part: 0, of: 1 };

/** A route and what it was made from. */
interface CachedRoute extends Route {
  quicTokens: Uint32Array;
  quicCount: number;
  listed: Uint32Array;
  listedCount: number;
  listVersion: number;
  /** Changes of addresses that are in it. */
  changeCount: number;
}

/** What no list that can be read has for a version. */
const unreadVersion = -1;

/** The place of a session that is heard over QUIC, or nowhere. */
const onQuic = -1;
const unplaced = -2;

/** Words of a slot among the members, side by side because they are used together. */
const Member = { room: 0, token: 1, place: 2 } as const;
const memberWords = 4;

/**
 * The route of each room, laid out again only when its list has moved; a member's new address is
 * put into the route that is there. Relay worker only; a packet to an unchanged room allocates
 * nothing.
 */
export class RouteBook {
  readonly #lists: ReceiverListReader;
  readonly #paths: SessionPaths;
  readonly #socket: FanOutSocket;
  readonly #share: ReceiverShare;
  readonly #routes: (CachedRoute | null)[];
  /**
   * By slot, as `Member` has it: in which room's list the session stood when that was laid out
   * last, as whom, and where among its receivers. It has one room only.
   */
  readonly #members: Int32Array;

  constructor(
    lists: ReceiverListReader,
    paths: SessionPaths,
    socket: FanOutSocket,
    limits: { readonly roomsMax: number; readonly sessionsMax: number },
    share: ReceiverShare = everybody,
  ) {
    this.#lists = lists;
    this.#paths = paths;
    this.#socket = socket;
    this.#share = share;
    this.#routes = new Array<CachedRoute | null>(limits.roomsMax).fill(null);
    this.#members = new Int32Array(limits.sessionsMax * memberWords).fill(noRoom);
  }

  /** @returns valid until the next call; null where the list changed during every try to read it */
  routeTo(roomIndex: number): Route | null {
    const route = this.#routes[roomIndex] ?? this.#open(roomIndex);
    // Both are taken before what they stand for is read: what changes meanwhile is read once more.
    const listVersion = this.#lists.version(roomIndex);
    const changes = this.#paths.changes();
    if (listVersion !== route.listVersion) {
      const listed = this.#lists.read(roomIndex);
      if (listed === null) return null;
      this.#forget(roomIndex, route);
      route.listed = listed;
      route.listedCount = listed.length;
      route.listVersion = listVersion;
      this.#layOut(roomIndex, route);
    } else if (changes.count !== route.changeCount) {
      this.#catchUp(roomIndex, route, changes);
    }
    return route;
  }

  /** Which receiver of the route the session is, or `nobody`. */
  placeOf(route: Route, token: number): number {
    const at = tokenSlot(token) * memberWords;
    const isMember =
      this.#members[at + Member.room] === route.roomIndex &&
      this.#members[at + Member.token]! >>> 0 === token;
    const place = this.#members[at + Member.place]!;
    return isMember && place >= 0 ? place : nobody;
  }

  #open(roomIndex: number): CachedRoute {
    const route: CachedRoute = {
      roomIndex,
      fanOut: this.#socket.openFanOut(),
      quicTokens: new Uint32Array(0),
      quicCount: 0,
      listed: new Uint32Array(0),
      listedCount: 0,
      listVersion: unreadVersion,
      changeCount: 0,
    };
    this.#routes[roomIndex] = route;
    return route;
  }

  /** Makes those who were listed nobody's: they may be in no room now. */
  #forget(roomIndex: number, { listed }: CachedRoute): void {
    for (let i = 0; i < listed.length; i++) {
      const at = tokenSlot(listed[i]!) * memberWords + Member.room;
      if (this.#members[at] === roomIndex) this.#members[at] = noRoom;
    }
  }

  /** Puts in what has changed since: member by member, where those are fewer than all. */
  #catchUp(roomIndex: number, route: CachedRoute, changes: AddressChanges): void {
    const first = route.changeCount;
    const behind = changes.since(first);
    if (behind > AddressChanges.length || behind > route.listed.length) {
      this.#layOut(roomIndex, route);
      return;
    }
    // More may be learnt of meanwhile, and is gone through at the next packet.
    route.changeCount = changes.count;
    for (let i = 0; i < behind; i++) {
      const slot = changes.slotOf(first + i);
      const isMember = this.#members[slot * memberWords + Member.room] === roomIndex;
      if (!isMember || this.#replace(route, slot)) continue;
      this.#layOut(roomIndex, route);
      return;
    }
  }

  /** Gives a member its new address. @returns false where others would have to move for it */
  #replace(route: CachedRoute, slot: number): boolean {
    const at = slot * memberWords;
    const token = this.#members[at + Member.token]! >>> 0;
    const before = this.#members[at + Member.place]!;
    const isFound = this.#paths.find(slot, token) === 'found';
    if (!isFound || isQuicAddress(this.#paths.address) || before === onQuic) return false;
    if (before === unplaced) this.#append(route, slot);
    else route.fanOut.setAddress(before, this.#paths.address, 0);
    return true;
  }

  #append({ fanOut }: CachedRoute, slot: number): void {
    const place = fanOut.count;
    fanOut.resize(place + 1);
    fanOut.setAddress(place, this.#paths.address, 0);
    this.#members[slot * memberWords + Member.place] = place;
  }

  #layOut(roomIndex: number, route: CachedRoute): void {
    const { fanOut, listed } = route;
    route.changeCount = this.#paths.changes().count;
    if (route.quicTokens.length < listed.length) route.quicTokens = new Uint32Array(listed.length);
    fanOut.resize(0);
    route.quicCount = 0;
    for (let i = 0; i < listed.length; i++) {
      const token = listed[i]!;
      const slot = tokenSlot(token);
      if (slot % this.#share.of !== this.#share.part) continue;
      const at = slot * memberWords;
      this.#members[at + Member.room] = roomIndex;
      this.#members[at + Member.token] = token;
      this.#members[at + Member.place] = unplaced;
      const path = this.#paths.find(slot, token);
      // Looked for again at the next packet.
      if (path === 'race') route.listVersion = unreadVersion;
      if (path !== 'found') continue;
      if (isQuicAddress(this.#paths.address)) {
        route.quicTokens[route.quicCount++] = token;
        this.#members[at + Member.place] = onQuic;
      } else {
        this.#append(route, slot);
      }
    }
  }
}
