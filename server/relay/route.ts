import type { FanOut, FanOutSocket } from '@rookery/transport/batchSocket';
import { nobody } from '@rookery/transport/batchSocket';
import { tokenSlot } from '@rookery/schemas/voicePacket';
import { isQuicAddress } from '../tables/pathTable.js';
import type { RelayTables } from '../tables/relayTables.js';
import { AddressChanges } from './addressChanges.js';
import { RoutePlaces } from './routePlaces.js';
import type { SessionPaths } from './sessionPaths.js';

/** Who hears a room, laid out for sending. */
export interface Route {
  /** Where in `fanOut` each session stands. */
  readonly places: RoutePlaces;
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

/**
 * The route of each room, laid out again only when its list has moved; a member's new address is
 * put into the route that is there. Rooms that are heard together have one list, and so one route.
 * Relay worker only; a packet to an unchanged room allocates nothing.
 */
export class RouteBook {
  readonly #rooms: RelayTables['rooms'];
  readonly #lists: RelayTables['lists'];
  readonly #paths: SessionPaths;
  readonly #socket: FanOutSocket;
  readonly #share: ReceiverShare;
  /** By list. */
  readonly #routes: (CachedRoute | null)[];

  constructor(
    tables: Pick<RelayTables, 'rooms' | 'lists'>,
    paths: SessionPaths,
    socket: FanOutSocket,
    share: ReceiverShare = everybody,
  ) {
    this.#rooms = tables.rooms;
    this.#lists = tables.lists;
    this.#paths = paths;
    this.#socket = socket;
    this.#share = share;
    this.#routes = new Array<CachedRoute | null>(tables.rooms.rows).fill(null);
  }

  /** @returns valid until the next call; null where the list changed during every try to read it */
  routeTo(roomIndex: number): Route | null {
    const list = this.#rooms.columns.list.load(roomIndex);
    const route = this.#routes[list] ?? this.#open(list);
    // Both are taken before what they stand for is read: what changes meanwhile is read once more.
    const listVersion = this.#lists.version(list);
    const changes = this.#paths.changes();
    if (listVersion !== route.listVersion) {
      const listed = this.#lists.read(list);
      // The room came to have another list meanwhile; this one may tell of others already.
      if (listed === null) return null;
      if (this.#rooms.columns.list.load(roomIndex) !== list) return this.routeTo(roomIndex);
      route.listed = listed;
      route.listedCount = listed.length;
      route.listVersion = listVersion;
      this.#layOut(route);
    } else if (changes.count !== route.changeCount) {
      this.#catchUp(route, changes);
    }
    return route;
  }

  /** Which receiver of the route the session is, or `nobody`. */
  placeOf(route: Route, token: number): number {
    const place = route.places.placeOf(token);
    return place >= 0 ? place : nobody;
  }

  #open(list: number): CachedRoute {
    const route: CachedRoute = {
      places: new RoutePlaces(),
      fanOut: this.#socket.openFanOut(),
      quicTokens: new Uint32Array(0),
      quicCount: 0,
      listed: new Uint32Array(0),
      listedCount: 0,
      listVersion: unreadVersion,
      changeCount: 0,
    };
    this.#routes[list] = route;
    return route;
  }

  /** Puts in what has changed since: member by member, where those are fewer than all. */
  #catchUp(route: CachedRoute, changes: AddressChanges): void {
    const first = route.changeCount;
    const behind = changes.since(first);
    if (behind > AddressChanges.length || behind > route.listed.length) {
      this.#layOut(route);
      return;
    }
    // More may be learnt of meanwhile, and is gone through at the next packet.
    route.changeCount = changes.count;
    for (let i = 0; i < behind; i++) {
      const token = route.places.tokenInSlot(changes.slotOf(first + i));
      if (token === 0 || this.#replace(route, token)) continue;
      this.#layOut(route);
      return;
    }
  }

  /** Gives a member its new address. @returns false where others would have to move for it */
  #replace(route: CachedRoute, token: number): boolean {
    const before = route.places.placeOf(token);
    const isFound = this.#paths.find(tokenSlot(token), token) === 'found';
    if (!isFound || isQuicAddress(this.#paths.address) || before === onQuic) return false;
    if (before === unplaced) this.#append(route, token);
    else route.fanOut.setAddress(before, this.#paths.address, 0);
    return true;
  }

  #append({ fanOut, places }: CachedRoute, token: number): void {
    const place = fanOut.count;
    fanOut.resize(place + 1);
    fanOut.setAddress(place, this.#paths.address, 0);
    places.put(token, place);
  }

  #layOut(route: CachedRoute): void {
    const { fanOut, listed, places } = route;
    route.changeCount = this.#paths.changes().count;
    if (route.quicTokens.length < listed.length) route.quicTokens = new Uint32Array(listed.length);
    fanOut.resize(0);
    places.reset(listed.length);
    route.quicCount = 0;
    for (let i = 0; i < listed.length; i++) {
      const token = listed[i]!;
      const slot = tokenSlot(token);
      if (slot % this.#share.of !== this.#share.part) continue;
      places.put(token, unplaced);
      const path = this.#paths.find(slot, token);
      // Looked for again at the next packet.
      if (path === 'race') route.listVersion = unreadVersion;
      if (path !== 'found') continue;
      if (isQuicAddress(this.#paths.address)) {
        route.quicTokens[route.quicCount++] = token;
        places.put(token, onQuic);
      } else {
        this.#append(route, token);
      }
    }
  }
}
