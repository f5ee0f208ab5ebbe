import type { FanOut, FanOutSocket } from '@rookery/transport/batchSocket';
import { nobody } from '@rookery/transport/batchSocket';
import { tokenSlot } from '@rookery/schemas/voicePacket';
import { isQuicAddress } from '../tables/pathTable.js';
import type { ReceiverListReader } from '../tables/receiverLists.js';
import type { SessionPaths } from './sessionPaths.js';

/** Who hears a room, laid out for sending. */
export interface Route {
  readonly fanOut: FanOut;
  /** The session of each receiver of `fanOut`, in its order; longer than their number. */
  readonly tokens: Uint32Array;
  /** Those that are heard over QUIC; the first `quicCount`. */
  readonly quicTokens: Uint32Array;
  readonly quicCount: number;
}

/** A route and what it was made from. */
interface CachedRoute extends Route {
  tokens: Uint32Array;
  quicTokens: Uint32Array;
  quicCount: number;
  /** All who may hear the room, reached or not. */
  listed: Uint32Array;
  listVersion: number;
  addressChanges: number;
}

/** What no list that can be read has for a version. */
const unreadVersion = -1;

/**
 * The route of each room, made again only when its list has moved, or when any session's address
 * has. Relay worker only; a packet to an unchanged room allocates nothing.
 */
export class RouteBook {
  readonly #lists: ReceiverListReader;
  readonly #paths: SessionPaths;
  readonly #socket: FanOutSocket;
  readonly #routes: (CachedRoute | null)[];
  /** Where each session stands among the receivers of its room, by slot. It has one room only. */
  readonly #places: Uint32Array;

  constructor(
    lists: ReceiverListReader,
    paths: SessionPaths,
    socket: FanOutSocket,
    limits: { readonly roomsMax: number; readonly sessionsMax: number },
  ) {
    this.#lists = lists;
    this.#paths = paths;
    this.#socket = socket;
    this.#routes = new Array<CachedRoute | null>(limits.roomsMax).fill(null);
    this.#places = new Uint32Array(limits.sessionsMax);
  }

  /** @returns valid until the next call; null where the list changed during every try to read it */
  routeTo(roomIndex: number): Route | null {
    const route = this.#routes[roomIndex] ?? this.#open(roomIndex);
    // Both are taken before what they stand for is read: what changes meanwhile is read once more.
    const listVersion = this.#lists.version(roomIndex);
    const addressChanges = this.#paths.changes();
    if (listVersion !== route.listVersion) {
      const listed = this.#lists.read(roomIndex);
      if (listed === null) return null;
      route.listed = listed;
      route.listVersion = listVersion;
    } else if (addressChanges === route.addressChanges) {
      return route;
    }
    route.addressChanges = addressChanges;
    this.#layOut(route);
    return route;
  }

  /** Which receiver of the route the session is, or `nobody`. */
  placeOf(route: Route, token: number): number {
    const place = this.#places[tokenSlot(token)]!;
    return place < route.fanOut.count && route.tokens[place] === token ? place : nobody;
  }

  #open(roomIndex: number): CachedRoute {
    const route: CachedRoute = {
      fanOut: this.#socket.openFanOut(),
      tokens: new Uint32Array(0),
      quicTokens: new Uint32Array(0),
      quicCount: 0,
      listed: new Uint32Array(0),
      listVersion: unreadVersion,
      addressChanges: 0,
    };
    this.#routes[roomIndex] = route;
    return route;
  }

  #layOut(route: CachedRoute): void {
    const { fanOut, listed } = route;
    if (route.tokens.length < listed.length) {
      route.tokens = new Uint32Array(listed.length);
      route.quicTokens = new Uint32Array(listed.length);
    }
    fanOut.resize(listed.length);
    let count = 0;
    route.quicCount = 0;
    for (let i = 0; i < listed.length; i++) {
      const token = listed[i]!;
      const slot = tokenSlot(token);
      const path = this.#paths.find(slot, token);
      // Looked for again at the next packet.
      if (path === 'race') route.listVersion = unreadVersion;
      if (path !== 'found') continue;
      if (isQuicAddress(this.#paths.address)) {
        route.quicTokens[route.quicCount++] = token;
        continue;
      }
      fanOut.setAddress(count, this.#paths.address, 0);
      route.tokens[count] = token;
      this.#places[slot] = count++;
    }
    fanOut.resize(count);
  }
}
