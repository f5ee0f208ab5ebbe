import type { Uuid } from '@rookery/schemas/messages';
import { idKey, pairKey } from './keys.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables, Write } from './tables.js';

/** A message that somebody pinned. */
export interface Pin {
  readonly messageId: Uuid;
  readonly userId: Uuid;
  /** Milliseconds since 1970. */
  readonly pinnedAtMs: number;
}

const version = 1;

/**
 * The pinned messages of each room, in one entry: they are few, and their number is checked where
 * they are changed. All writes throw as those of messages.ts do.
 */
export class Pins {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** @returns the pins of messages that are there, that which was pinned first before the others */
  of(roomId: Uuid): readonly Pin[] {
    const bytes = this.#tables.get('pins', idKey(roomId));
    if (bytes === null) return [];
    // A message that the room does not keep any more leaves its pin behind.
    return decodePins(bytes).filter(
      ({ messageId }) => this.#tables.get('messages', pairKey(roomId, messageId)) !== null,
    );
  }

  async put(roomId: Uuid, pins: readonly Pin[]): Promise<void> {
    await this.#tables.commit([pinsWrite(roomId, pins)]);
  }

  /** Belongs into the commit that deletes a message. */
  removeWrites(roomId: Uuid, messageId: Uuid): Write[] {
    const pins = this.of(roomId);
    const kept = pins.filter((pin) => pin.messageId !== messageId);
    return kept.length === pins.length ? [] : [pinsWrite(roomId, kept)];
  }
}

/** @param pins none remove the entry */
export function pinsWrite(roomId: Uuid, pins: readonly Pin[]): Write {
  const writer = new RecordWriter(version).u8(pins.length);
  for (const { messageId, userId, pinnedAtMs } of pins) {
    writer.uuid(messageId).uuid(userId).time(pinnedAtMs);
  }
  const value = pins.length === 0 ? null : writer.finish();
  return { table: 'pins', key: idKey(roomId), value };
}

/** @throws ServerError `unusableData` */
export function decodePins(bytes: Uint8Array): readonly Pin[] {
  const reader = new RecordReader('the pins of a room', bytes, version);
  const pins = Array.from({ length: reader.u8() }, () => ({
    messageId: reader.uuid(),
    userId: reader.uuid(),
    pinnedAtMs: reader.time(),
  }));
  reader.finish();
  return pins;
}
