import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Message, Uuid } from '@rookery/schemas/messages';
import type { Session } from '../session/connection.js';
import { refusal, type Refusal } from '../state/outcome.js';

/** Where people write, as one of them finds it: a room of the tree, or a talk. */
export interface TextPlace {
  readonly id: Uuid;
  /** Why the session may not read here; null where it may. */
  readonly readRefusal: Refusal | null;
  /** Why the session may not write here; null where it may. */
  readonly writeRefusal: Refusal | null;
  /** Whether those who read here are told how far the others came. */
  readonly showsMarks: boolean;
  /** Tokens of all sessions that read here now. */
  readers(): Iterable<number>;
  /** Tells everybody who reads here now; encoded once. */
  send(message: Message): void;
}

/** One kind of places, which knows the ids of its own. */
export interface TextPlaceKind {
  /** @returns null where it has no place of that id, or the session must not know of it */
  find(id: Uuid, session: Session): TextPlace | null;
}

/** All places in which people write, whatever kind they are of. Ids of all kinds are UUIDs. */
export class TextPlaces {
  readonly #kinds: readonly TextPlaceKind[];

  /** @param kinds asked in this order */
  constructor(kinds: readonly TextPlaceKind[]) {
    this.#kinds = kinds;
  }

  /** @returns the place, or why the session may not read there */
  toRead(id: Uuid, session: Session): TextPlace | Refusal {
    const place = this.find(id, session);
    return place === null ? noSuchPlace() : (place.readRefusal ?? place);
  }

  /** @returns the place, or why the session may not write there */
  toWrite(id: Uuid, session: Session): TextPlace | Refusal {
    const place = this.find(id, session);
    return place === null ? noSuchPlace() : (place.writeRefusal ?? place);
  }

  /** @returns null where there is no such place, or the session must not know of it */
  find(id: Uuid, session: Session): TextPlace | null {
    for (const kind of this.#kinds) {
      const place = kind.find(id, session);
      if (place !== null) return place;
    }
    return null;
  }
}

function noSuchPlace(): Refusal {
  return refusal(ErrorCode.NoSuchRoom, 'There is no such room. It may have been deleted.');
}
