import { tokenSlot } from '@rookery/schemas/voicePacket';

/** Words of an entry: the session's slot and 1, its token, its place. In a free one all are 0. */
const Entry = { slot: 0, token: 1, place: 2 } as const;
const entryWords = 4;

/** Entries for each session, so that few stand where another would. */
const spareFactor = 2;
const entriesMin = 8;

/** Knuth's multiplier: neighbouring slots come to stand far apart. */
const multiplier = 0x9e3779b1;

/** Below the places that a route gives. */
const notListed = -3;

/**
 * Where the sessions of one route stand in it, by slot: a session may hear several rooms, so each
 * route has its own. A table with open addressing; finding and putting allocate nothing.
 */
export class RoutePlaces {
  #words = new Int32Array(entriesMin * entryWords);
  #mask = entriesMin - 1;

  /** Forgets everybody, and makes room for so many sessions: allocates where it is too little. */
  reset(sessions: number): void {
    let entries = entriesMin;
    while (entries < sessions * spareFactor) entries *= 2;
    if (entries * entryWords > this.#words.length) {
      this.#words = new Int32Array(entries * entryWords);
      this.#mask = entries - 1;
    } else {
      this.#words.fill(0);
    }
  }

  /** @param place of the session with this token; another one in its slot is forgotten */
  put(token: number, place: number): void {
    const slot = tokenSlot(token);
    const at = this.#find(slot);
    this.#words[at + Entry.slot] = slot + 1;
    this.#words[at + Entry.token] = token;
    this.#words[at + Entry.place] = place;
  }

  /** @returns what was put, or a number below all places where the session is not in the route */
  placeOf(token: number): number {
    const at = this.#find(tokenSlot(token));
    // Compared as they are stored: a number above 2^31 may take a place on the heap.
    const isListed = this.#words[at + Entry.token] === (token | 0);
    return isListed ? this.#words[at + Entry.place]! : notListed;
  }

  /** The token of the session in a slot, or 0 where none of the slot is in the route. */
  tokenInSlot(slot: number): number {
    const at = this.#find(slot);
    return this.#words[at + Entry.token]! >>> 0;
  }

  /** Where the entry of a slot stands, or would. */
  #find(slot: number): number {
    const words = this.#words;
    let entry = Math.imul(slot + 1, multiplier) >>> 7;
    for (;;) {
      entry &= this.#mask;
      const known = words[entry * entryWords + Entry.slot]!;
      if (known === slot + 1 || known === 0) return entry * entryWords;
      entry++;
    }
  }
}
