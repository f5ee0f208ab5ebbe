import type { RoomInfo, RoomKey, SessionInfo, Uuid } from '@rookery/schemas/messages';
import type { VoicePlane } from '../relay/voicePlane.js';
import type { CommunityState } from '../state/communityState.js';
import type { Move } from '../state/outcome.js';
import { RoomKeys, type RoomKeysOptions } from './roomKeys.js';

export interface RoomHearingOptions extends RoomKeysOptions {
  readonly state: CommunityState;
  readonly voice: Pick<VoicePlane, 'linkRooms' | 'setListening'>;
}

/** Sends one message to those of the sessions that are there to be told. */
export type RoomKeySender = (sessionTokens: Iterable<number>, message: RoomKey) => void;

const nobody: ReadonlySet<number> = new Set();
const none: readonly Uuid[] = [];

/**
 * Who hears which rooms: their members, those of rooms that are linked to them, and listeners. It
 * tells the voice plane of links and listeners at once, and with flush() gives each room's key to
 * all who hear the room. A key is known to whoever was given it, so it is replaced when somebody
 * stops being allowed to hear. A room in which nobody is has none: nobody can speak there; nor has
 * a private one, whose members make keys that the server does not know.
 *
 * A change costs what the rooms cost that are heard together with those it concerns.
 */
export class RoomHearing {
  readonly #options: RoomHearingOptions;
  readonly #keys: RoomKeys;
  /** Who was given the key that a room has; rooms that are heard together share a set. */
  readonly #holders = new Map<Uuid, ReadonlySet<number>>();
  /** As they were noted last; not those without any. */
  readonly #linksOf = new Map<Uuid, readonly Uuid[]>();
  readonly #listeningOf = new Map<number, readonly Uuid[]>();
  /** As they were noted last: their members make the keys themselves. */
  readonly #private = new Set<Uuid>();
  /** Rooms that somebody may have begun or ceased to hear. */
  #touched = new Set<Uuid>();
  /** Sessions that may have missed keys that they were given. */
  #returned = new Set<number>();

  /** Takes over the links that are there. */
  constructor(options: RoomHearingOptions) {
    this.#options = options;
    this.#keys = new RoomKeys(options);
    for (const room of options.state.snapshot().rooms) this.noteRoom(room);
  }

  noteMove({ from, to }: Move): void {
    if (from !== null) this.#touched.add(from);
    if (to !== null) this.#touched.add(to);
  }

  /**
   * A room is new, or other than before.
   *
   * @returns whether it is linked to others than before: then those who hear it hear others, too
   */
  noteRoom({ roomId, linkedRoomIds, isPrivate }: RoomInfo): boolean {
    this.#notePrivacy(roomId, isPrivate);
    const before = this.#linksOf.get(roomId) ?? none;
    if (isSameList(before, linkedRoomIds)) return false;
    if (linkedRoomIds.length === 0) this.#linksOf.delete(roomId);
    else this.#linksOf.set(roomId, linkedRoomIds);
    this.#touched.add(roomId);
    this.#options.voice.linkRooms(this.#options.state.heardTogether(roomId));
    return true;
  }

  /** A room is gone, after its members have moved and its links and listeners were noted. */
  noteRoomRemoved(roomId: Uuid): void {
    this.#linksOf.delete(roomId);
    this.#private.delete(roomId);
    this.#forgetKey(roomId);
  }

  /** Somebody came, or is other than before. */
  noteSession({ sessionToken, listeningTo }: SessionInfo): void {
    const before = this.#listeningOf.get(sessionToken) ?? none;
    if (isSameList(before, listeningTo)) return;
    if (listeningTo.length === 0) this.#listeningOf.delete(sessionToken);
    else this.#listeningOf.set(sessionToken, listeningTo);
    for (const roomId of [...before, ...listeningTo]) this.#touched.add(roomId);
    this.#options.voice.setListening(sessionToken, listeningTo);
  }

  noteSessionRemoved(sessionToken: number): void {
    for (const roomId of this.#listeningOf.get(sessionToken) ?? none) this.#touched.add(roomId);
    this.#listeningOf.delete(sessionToken);
  }

  /** Somebody is told again, on another connection: keys that it was given may not have come. */
  noteReturned(sessionToken: number): void {
    this.#returned.add(sessionToken);
  }

  /**
   * Gives the keys that follow from what was noted. Sending may end the session of a reader that is
   * too slow: what follows from that is left to the next flush.
   */
  flush(nowMs: number, send: RoomKeySender): void {
    const returned = this.#returned;
    this.#returned = new Set();
    for (const sessionToken of returned) this.#giveAgain(sessionToken, nowMs, send);
    const touched = this.#touched;
    this.#touched = new Set();
    const settled = new Set<Uuid>();
    for (const roomId of touched) {
      if (settled.has(roomId)) continue;
      const rooms = this.#options.state.heardTogether(roomId);
      for (const id of rooms) settled.add(id);
      if (rooms.length > 0) this.#settle(rooms, this.#options.state.hearers(roomId), nowMs, send);
    }
  }

  /** @param rooms that are heard together @param hearers who hears them */
  #settle(
    rooms: readonly Uuid[],
    hearers: ReadonlySet<number>,
    nowMs: number,
    send: RoomKeySender,
  ): void {
    const { state } = this.#options;
    const differences = new Map<ReadonlySet<number>, Difference>();
    for (const roomId of rooms) {
      if (state.members(roomId).size === 0 || this.#private.has(roomId)) {
        this.#forgetKey(roomId);
        continue;
      }
      const holders = this.#holders.get(roomId) ?? nobody;
      const difference = differences.get(holders) ?? differenceOf(holders, hearers);
      differences.set(holders, difference);
      this.#holders.set(roomId, hearers);
      if (difference.hasLost) send(hearers, this.#keys.rotate(roomId, nowMs));
      else if (difference.gained.length > 0) {
        send(difference.gained, this.#keys.current(roomId, nowMs));
      }
    }
  }

  #notePrivacy(roomId: Uuid, isPrivate: boolean): void {
    if (isPrivate === this.#private.has(roomId)) return;
    if (isPrivate) this.#private.add(roomId);
    else this.#private.delete(roomId);
    this.#touched.add(roomId);
  }

  /** Rooms that it does not hold the key of are among those that were touched. */
  #giveAgain(sessionToken: number, nowMs: number, send: RoomKeySender): void {
    for (const roomId of this.#options.state.roomsHeardBy(sessionToken)) {
      if (this.#holders.get(roomId)?.has(sessionToken) !== true) continue;
      send([sessionToken], this.#keys.current(roomId, nowMs));
    }
  }

  #forgetKey(roomId: Uuid): void {
    this.#holders.delete(roomId);
    this.#keys.delete(roomId);
  }
}

/** Who of those who hold a key may hear no longer, or hears now without it. */
export interface Difference {
  readonly hasLost: boolean;
  readonly gained: readonly number[];
}

/** @param before tokens of those who hold the key @param now of those who may */
export function differenceOf(before: ReadonlySet<number>, now: ReadonlySet<number>): Difference {
  const gained = [...now].filter((token) => !before.has(token));
  return { hasLost: now.size - gained.length < before.size, gained };
}

function isSameList(before: readonly Uuid[], now: readonly Uuid[]): boolean {
  return before.length === now.length && before.every((id, index) => id === now[index]);
}
