import type { Uuid } from '@rookery/schemas/messages';
import { highestKey, idKey, idsOfPair, keyBehind, lowestKey, pairKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables, Write } from './tables.js';

const version = 1;

/** Nothing is kept of a link but that it is there. */
export const linkRecord = new RecordWriter(version).finish();

/** @throws ServerError `unusableData` */
export function decodeLink(bytes: Uint8Array): void {
  new RecordReader('a link of rooms', bytes, version).finish();
}

/** The links between rooms, each kept twice, so that those of a room are found by its id. */
export class RoomLinks {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** By room, those that it is linked to, sorted. */
  all(): Map<Uuid, Uuid[]> {
    const links = new Map<Uuid, Uuid[]>();
    for (const { first, second } of this.#read(lowestKey, highestKey)) {
      const known = links.get(first);
      if (known === undefined) links.set(first, [second]);
      else known.push(second);
    }
    return links;
  }

  /** @throws ServerError `storageFull`, `storageBusy`, `storageFault` */
  async link(firstId: Uuid, secondId: Uuid): Promise<void> {
    await this.#tables.commit(bothWays(firstId, secondId, linkRecord));
  }

  /** @throws ServerError as link() */
  async unlink(firstId: Uuid, secondId: Uuid): Promise<void> {
    await this.#tables.commit(bothWays(firstId, secondId, null));
  }

  /** What takes away the links of a room that goes. */
  removalOf(roomId: Uuid): Write[] {
    const prefix = idKey(roomId);
    return this.#read(prefix, keyBehind(prefix)).flatMap(({ first, second }) =>
      bothWays(first, second, null),
    );
  }

  #read(from: Uint8Array, to: Uint8Array): { readonly first: Uuid; readonly second: Uuid }[] {
    const range = { table: 'roomLinks', from, to, order: 'ascending', countMax: Infinity } as const;
    return this.#tables.read(range, (key, value) => {
      decodeLink(value);
      return idsOfPair(key);
    });
  }
}

function bothWays(firstId: Uuid, secondId: Uuid, value: Uint8Array | null): Write[] {
  return [pairKey(firstId, secondId), pairKey(secondId, firstId)].map((key) => ({
    table: 'roomLinks',
    key,
    value,
  }));
}
