import type { Uuid } from '@rookery/schemas/messages';
import { uuidToBytes } from '@rookery/schemas/uuid';
import { keyBehind, pairKey } from './keys.js';
import type { ReactionCount, StoredMessage } from './messageRecord.js';
import { RecordReader, RecordWriter } from './recordCodec.js';
import type { Tables, Write } from './tables.js';

const version = 1;

/**
 * Who reacted to which message with what: an entry for each user and message, so that a message
 * which everybody reacts to is not rewritten with all their ids. How many they are stands in the
 * message itself, and is written in the same commit (messages.ts).
 */
export class Reactions {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** @returns what a user reacted with, the oldest first; also what is not durable yet */
  of(roomId: Uuid, messageId: Uuid, userId: Uuid): readonly string[] {
    const bytes = this.#tables.get('reactions', reactionKey(roomId, messageId, userId));
    return bytes === null ? [] : decodeOwnReactions(bytes);
  }

  /** Belongs into the commit that removes a message, or what belongs to it. */
  removeWrites({ roomId, messageId, reactions }: StoredMessage): Write[] {
    const countMax = reactorsMax(reactions);
    const from = pairKey(roomId, messageId);
    const range = { table: 'reactions', from, to: keyBehind(from), countMax } as const;
    const keys = this.#tables.keys({ ...range, order: 'ascending' });
    return keys.map((key): Write => ({ table: 'reactions', key, value: null }));
  }
}

/** What a user reacted with; belongs into the commit that changes the counts. */
export function ownReactionsWrite(
  { roomId, messageId }: Pick<StoredMessage, 'roomId' | 'messageId'>,
  userId: Uuid,
  emojis: readonly string[],
): Write {
  const key = reactionKey(roomId, messageId, userId);
  const writer = new RecordWriter(version).u8(emojis.length);
  for (const emoji of emojis) writer.text(emoji);
  return { table: 'reactions', key, value: emojis.length === 0 ? null : writer.finish() };
}

/** @returns how many users reacted, at most */
export function reactorsMax(reactions: readonly ReactionCount[]): number {
  return reactions.reduce((sum, { count }) => sum + count, 0);
}

/** The counts with one user more, or one less. */
export function countsWith(
  reactions: readonly ReactionCount[],
  emoji: string,
  change: 1 | -1,
): readonly ReactionCount[] {
  const present = reactions.find((one) => one.emoji === emoji);
  if (present === undefined) return [...reactions, { emoji, count: 1 }];
  const count = present.count + change;
  return reactions.flatMap((one) => {
    if (one !== present) return [one];
    return count === 0 ? [] : [{ emoji, count }];
  });
}

/** @throws ServerError `unusableData` */
export function decodeOwnReactions(bytes: Uint8Array): readonly string[] {
  const reader = new RecordReader("a user's reactions", bytes, version);
  const emojis = Array.from({ length: reader.u8() }, () => reader.text());
  reader.finish();
  return emojis;
}

function reactionKey(roomId: Uuid, messageId: Uuid, userId: Uuid): Uint8Array {
  return Uint8Array.of(...pairKey(roomId, messageId), ...uuidToBytes(userId));
}
