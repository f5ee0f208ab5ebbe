import type { Uuid } from '@rookery/schemas/messages';
import { idKey, idsOfPair, keyBehind, pairKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables } from './tables.js';

/** How far somebody came in a room or talk. */
export interface ReadMark {
  /** The client has everything up to this message; null where it has nothing. */
  readonly deliveredId: Uuid | null;
  /** The user read everything up to this message. */
  readonly readId: Uuid | null;
}

export interface RoomReadMark extends ReadMark {
  readonly roomId: Uuid;
}

const version = 1;
const flags = { delivered: 1, read: 2 } as const;
const noMark: ReadMark = { deliveredId: null, readId: null };

/** How far each user came in each room or talk. Marks go forward only. Main thread. */
export class ReadMarks {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  find(userId: Uuid, roomId: Uuid): ReadMark {
    const bytes = this.#tables.get('readMarks', pairKey(userId, roomId));
    return bytes === null ? noMark : decodeReadMark(bytes);
  }

  /** @returns marks of a user, in the order of the rooms' ids */
  list(userId: Uuid, countMax: number): RoomReadMark[] {
    const from = idKey(userId);
    const range = { table: 'readMarks', from, to: keyBehind(from) } as const;
    return this.#tables.read({ ...range, order: 'ascending', countMax }, (key, value) => ({
      roomId: idsOfPair(key).second,
      ...decodeReadMark(value),
    }));
  }

  /**
   * Moves a mark on. What was read was delivered, too.
   *
   * @returns the mark, once it is durable; null where it is as far already
   * @throws ServerError `storageFull`, `storageBusy` or `storageFault`
   */
  async raise(userId: Uuid, roomId: Uuid, to: Partial<ReadMark>): Promise<ReadMark | null> {
    const before = this.find(userId, roomId);
    const readId = later(before.readId, to.readId ?? null);
    const deliveredId = later(later(before.deliveredId, to.deliveredId ?? null), readId);
    if (readId === before.readId && deliveredId === before.deliveredId) return null;
    const mark = { deliveredId, readId };
    const key = pairKey(userId, roomId);
    await this.#tables.commit([{ table: 'readMarks', key, value: encodeReadMark(mark) }]);
    return mark;
  }
}

/** Ids of messages sort by time. */
function later(a: Uuid | null, b: Uuid | null): Uuid | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

function encodeReadMark({ deliveredId, readId }: ReadMark): Uint8Array {
  const flagBits =
    (deliveredId === null ? 0 : flags.delivered) | (readId === null ? 0 : flags.read);
  const writer = new RecordWriter(version).u8(flagBits);
  if (deliveredId !== null) writer.uuid(deliveredId);
  if (readId !== null) writer.uuid(readId);
  return writer.finish();
}

/** @throws ServerError `unusableData` */
export function decodeReadMark(bytes: Uint8Array): ReadMark {
  const reader = new RecordReader('how far somebody read', bytes, version);
  const flagBits = reader.u8();
  const deliveredId = (flagBits & flags.delivered) === 0 ? null : reader.uuid();
  const readId = (flagBits & flags.read) === 0 ? null : reader.uuid();
  reader.finish();
  return { deliveredId, readId };
}
