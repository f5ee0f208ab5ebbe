import type { Uuid } from '@rookery/schemas/messages';
import { mentionsIn } from '@rookery/schemas/messageText';
import { uuidFromBytes, uuidBytes } from '@rookery/schemas/uuid';
import type { StoreLimits } from '../limits.js';
import { highestKey, idKey, idsOfPair, keyBehind, lowestKey, pairKey } from './keys.js';
import { noAttachmentWrites, type AttachmentWrites } from './attachmentWrites.js';
import { MessageIds } from './messageIds.js';
import { decodeStoredMessage, encodeStoredMessage, type StoredMessage } from './messageRecord.js';
import { Pins, pinsWrite } from './pins.js';
import { countsWith, ownReactionsWrite, Reactions, reactorsMax } from './reactions.js';
import type { SearchIndex } from './searchIndex.js';
import { SentIds } from './sentIds.js';
import type { KeyRange, Tables, Write } from './tables.js';

/** What is left out is not there. */
export type NewMessage = Pick<
  StoredMessage,
  'roomId' | 'userId' | 'displayName' | 'text' | 'sentAtMs' | 'clientMessageId'
> &
  Partial<Pick<StoredMessage, 'replyToId' | 'attachmentIds'>>;

/** One user's reaction to a message, which comes or goes. */
export interface ReactionChange {
  readonly userId: Uuid;
  readonly emoji: string;
  readonly isAdded: boolean;
}

/** What a room keeps; null keeps all. */
export interface Retention {
  /** The newest that are kept. */
  readonly countMax: number | null;
  /** Those sent before, in milliseconds since 1970, are not kept. */
  readonly sentAtMsMin: number | null;
}

/**
 * The messages of all rooms, each room's in the order of their ids, which is that of time. What is
 * read in pages is durable; `find` also sees what is about to be.
 *
 * All writes throw ServerError `storageFull`, `storageBusy` or `storageFault`; nothing has changed
 * then.
 */
export class Messages {
  readonly #tables: Tables;
  readonly #limits: StoreLimits;
  readonly #ids: MessageIds;
  readonly #index: SearchIndex;
  readonly #attachments: AttachmentWrites;
  readonly #pins: Pins;
  readonly #reactions: Reactions;
  readonly #sent: SentIds;

  constructor(
    tables: Tables,
    limits: StoreLimits,
    index: SearchIndex,
    attachments: AttachmentWrites = noAttachmentWrites,
  ) {
    this.#tables = tables;
    this.#limits = limits;
    this.#index = index;
    this.#attachments = attachments;
    this.#pins = new Pins(tables);
    this.#reactions = new Reactions(tables);
    this.#ids = new MessageIds(this.#greatestId());
    this.#sent = new SentIds(this.#greatestClientId(), limits.sendersInMemoryMax);
  }

  /**
   * Whether a message was sent before, by its sender's own id of it. It is known for as long as the
   * message is kept.
   *
   * @returns the id of the message once it is durable; null where it is new
   */
  sentBefore(userId: Uuid, clientMessageId: Uuid): Promise<Uuid> | null {
    if (this.#sent.isNew(userId, clientMessageId)) return null;
    const entry = this.#tables.get('clientMessages', pairKey(clientMessageId, userId));
    if (entry === null) return null;
    const messageId = uuidFromBytes(entry.subarray(uuidBytes));
    return this.#tables.untilDurable().then(() => messageId);
  }

  /**
   * Keeps a message that was not sent before. Messages become durable in the order of the calls.
   *
   * @returns the message with its id, once it is durable
   */
  append(message: NewMessage): Promise<StoredMessage> {
    const { roomId, userId, displayName, text, sentAtMs, clientMessageId } = message;
    this.#sent.note(userId, clientMessageId);
    return this.#append({
      messageId: this.#ids.next(sentAtMs),
      roomId,
      userId,
      displayName,
      text,
      sentAtMs,
      clientMessageId,
      editedAtMs: null,
      deletedAtMs: null,
      replyToId: message.replyToId ?? null,
      mentionedIds: mentionsIn(text),
      attachmentIds: message.attachmentIds ?? [],
      reactions: [],
    });
  }

  find(roomId: Uuid, messageId: Uuid): StoredMessage | null {
    const bytes = this.#tables.get('messages', pairKey(roomId, messageId));
    return bytes === null ? null : decodeStoredMessage(roomId, messageId, bytes);
  }

  /**
   * @param messageId null for the newest page
   * @returns at most `countMax` messages before that one, the newest first
   */
  before(roomId: Uuid, messageId: Uuid | null, countMax: number): StoredMessage[] {
    const from = idKey(roomId);
    const to = messageId === null ? keyBehind(from) : pairKey(roomId, messageId);
    return this.#read({ table: 'messages', from, to, order: 'descending', countMax });
  }

  /**
   * @param messageId null for the oldest page
   * @returns at most `countMax` messages after that one, the oldest first
   */
  after(roomId: Uuid, messageId: Uuid | null, countMax: number): StoredMessage[] {
    const room = idKey(roomId);
    const from = messageId === null ? room : keyBehind(pairKey(roomId, messageId));
    const to = keyBehind(room);
    return this.#read({ table: 'messages', from, to, order: 'ascending', countMax });
  }

  /** @returns the message as it is now; null where there is none, or it was deleted */
  async edit(
    roomId: Uuid,
    messageId: Uuid,
    text: string,
    editedAtMs: number,
  ): Promise<StoredMessage | null> {
    const before = this.#present(roomId, messageId);
    if (before === null) return null;
    return this.#change(before, { ...before, text, mentionedIds: mentionsIn(text), editedAtMs });
  }

  /** Takes the text away, and whatever belongs to it. @returns as edit() */
  async delete(roomId: Uuid, messageId: Uuid, deletedAtMs: number): Promise<StoredMessage | null> {
    const before = this.#present(roomId, messageId);
    if (before === null) return null;
    const nothing = { text: '', mentionedIds: [], attachmentIds: [], reactions: [] };
    return this.#change(before, { ...before, ...nothing, deletedAtMs }, [
      ...this.#reactions.removeWrites(before),
      ...this.#pins.removeWrites(roomId, messageId),
      ...this.#attachments.removed(before),
    ]);
  }

  /**
   * Counts a reaction that was not there, or one less that was.
   *
   * @returns as edit(); the message as it is where nothing changes
   */
  async react(
    roomId: Uuid,
    messageId: Uuid,
    { userId, emoji, isAdded }: ReactionChange,
  ): Promise<StoredMessage | null> {
    const before = this.#present(roomId, messageId);
    if (before === null) return null;
    const own = this.#reactions.of(roomId, messageId, userId);
    if (own.includes(emoji) === isAdded) return before;
    const nowOwn = isAdded ? [...own, emoji] : own.filter((one) => one !== emoji);
    const reactions = countsWith(before.reactions, emoji, isAdded ? 1 : -1);
    const write = ownReactionsWrite(before, userId, nowOwn);
    return this.#change(before, { ...before, reactions }, [write]);
  }

  /**
   * Removes messages that a room does not keep, the oldest first, at most `removedPerTrimMax` of
   * them (limits.ts). To be called again until it says 0.
   *
   * @returns how many it removed
   */
  async trim(roomId: Uuid, { countMax, sentAtMsMin }: Retention): Promise<number> {
    const room = idKey(roomId);
    const range = { table: 'messages', from: room, to: keyBehind(room) } as const;
    // The oldest that is kept: of the newest, and of those that are young enough.
    let keptFrom: Uint8Array = room;
    if (countMax !== null) {
      const beyond = { ...range, order: 'descending', skip: countMax, countMax: 1 } as const;
      const [newestBeyond] = this.#tables.keys(beyond);
      if (newestBeyond !== undefined) keptFrom = keyBehind(newestBeyond);
    }
    if (sentAtMsMin !== null) keptFrom = greater(keptFrom, firstKeyAt(room, sentAtMsMin));
    return this.#remove({ ...range, to: keptFrom });
  }

  /** Removes all messages of a room, at most as many as trim(). @returns how many it removed */
  async removeRoom(roomId: Uuid): Promise<number> {
    const from = idKey(roomId);
    return this.#remove({ table: 'messages', from, to: keyBehind(from) }, [pinsWrite(roomId, [])]);
  }

  /** Removes all messages of a room that is gone, without anybody waiting. */
  forgetRoom(roomId: Uuid): void {
    const forget = async (): Promise<void> => {
      while ((await this.removeRoom(roomId)) > 0);
    };
    // What is left after a fault goes with the next start of the server.
    forget().catch(() => undefined);
  }

  /** Every room that has messages. */
  roomIds(): Uuid[] {
    const roomIds: Uuid[] = [];
    let from = lowestKey;
    for (;;) {
      const range = { table: 'messages', from, to: highestKey, countMax: 1 } as const;
      const [key] = this.#tables.keys({ ...range, order: 'ascending' });
      if (key === undefined) return roomIds;
      const roomId = uuidFromBytes(key.subarray(0, uuidBytes));
      roomIds.push(roomId);
      from = keyBehind(idKey(roomId));
    }
  }

  async #append(message: StoredMessage): Promise<StoredMessage> {
    const key = pairKey(message.roomId, message.messageId);
    await this.#tables.commit([
      { table: 'messages', key, value: encodeStoredMessage(message) },
      { table: 'clientMessages', key: clientKeyOf(message), value: key },
      ...this.#attachments.added(message),
    ]);
    this.#index.noteAppended(message);
    return message;
  }

  #present(roomId: Uuid, messageId: Uuid): StoredMessage | null {
    const message = this.find(roomId, messageId);
    return message === null || message.deletedAtMs !== null ? null : message;
  }

  async #change(
    before: StoredMessage,
    message: StoredMessage,
    writes: readonly Write[] = [],
  ): Promise<StoredMessage> {
    const key = pairKey(message.roomId, message.messageId);
    await this.#tables.commit([
      { table: 'messages', key, value: encodeStoredMessage(message) },
      ...(before.text === message.text ? [] : this.#index.changeWrites(before, message)),
      ...writes,
    ]);
    return message;
  }

  async #remove(
    range: Pick<KeyRange, 'table' | 'from' | 'to'>,
    moreWrites: readonly Write[] = [],
  ): Promise<number> {
    const countMax = this.#limits.removedPerTrimMax;
    const messages = fewOf(this.#read({ ...range, order: 'ascending', countMax }), countMax);
    const writes = messages.flatMap((message): Write[] => [
      { table: 'messages', key: pairKey(message.roomId, message.messageId), value: null },
      { table: 'clientMessages', key: clientKeyOf(message), value: null },
      ...this.#index.removeWrites(message),
      ...this.#reactions.removeWrites(message),
      ...this.#attachments.removed(message),
    ]);
    await this.#tables.commit([...writes, ...moreWrites]);
    return messages.length;
  }

  #read(range: KeyRange): StoredMessage[] {
    return this.#tables.read(range, (key, value) => {
      const { first, second } = idsOfPair(key);
      return decodeStoredMessage(first, second, value);
    });
  }

  #greatestId(): Uuid | null {
    let greatest: Uuid | null = null;
    for (const roomId of this.roomIds()) {
      const [latest] = this.before(roomId, null, 1);
      if (latest === undefined) continue;
      if (greatest === null || latest.messageId > greatest) greatest = latest.messageId;
    }
    return greatest;
  }

  #greatestClientId(): Uuid | null {
    const range = { table: 'clientMessages', from: lowestKey, to: highestKey } as const;
    const [key] = this.#tables.keys({ ...range, order: 'descending', countMax: 1 });
    return key === undefined ? null : uuidFromBytes(key.subarray(0, uuidBytes));
  }
}

/** The first ones, with no more reactions than that, and at least one. */
function fewOf(messages: readonly StoredMessage[], reactionsMax: number): StoredMessage[] {
  let reactions = 0;
  return messages.filter((message, index) => {
    reactions += reactorsMax(message.reactions);
    return index === 0 || reactions <= reactionsMax;
  });
}

/** Clients take ids that sort by time, so these keys are written beside each other. */
function clientKeyOf({ clientMessageId, userId }: StoredMessage): Uint8Array {
  return pairKey(clientMessageId, userId);
}

/** The lowest key that a message of that time may have. */
function firstKeyAt(room: Uint8Array, sentAtMs: number): Uint8Array {
  const key = Buffer.alloc(2 * uuidBytes);
  key.set(room);
  key.writeUIntBE(Math.max(0, Math.floor(sentAtMs)), uuidBytes, 6);
  return new Uint8Array(key);
}

function greater(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Buffer.compare(a, b) >= 0 ? a : b;
}
