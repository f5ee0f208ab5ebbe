import type { TextMessage, Uuid } from '@rookery/schemas/messages';

/** A message as the chat shows it: what stands above it is part of its row. */
export interface MessageRow {
  readonly message: TextMessage;
  /** It shows who wrote it; else it goes on with the one above. */
  readonly isFirst: boolean;
  /** A day begins with it. */
  readonly beginsDay: boolean;
  /** It is the first that the user has not seen. */
  readonly beginsUnread: boolean;
}

/** Messages of one author that are closer together stand under one name. */
const groupMs = 5 * 60_000;

/** What the rows depend on beside their messages. */
export interface RowContext {
  /** The message above the first row; null where it is the oldest of all, or unknown. */
  readonly above: TextMessage | null;
  /** The last message that was seen; those of others behind it are new. null: none is new. */
  readonly seenId: Uuid | null;
  readonly ownUserId: Uuid | null;
}

/** @param messages neighbours, oldest first */
export function messageRows(
  messages: readonly TextMessage[],
  { above, seenId, ownUserId }: RowContext,
): MessageRow[] {
  let before = above;
  let isNew = above !== null && isUnseen(above, seenId) && above.userId !== ownUserId;
  return messages.map((message) => {
    const beginsDay = before === null || dayOf(before.sentAtMs) !== dayOf(message.sentAtMs);
    const beginsUnread = !isNew && isUnseen(message, seenId) && message.userId !== ownUserId;
    isNew ||= beginsUnread;
    const goesOn =
      !beginsDay &&
      !beginsUnread &&
      before?.userId === message.userId &&
      message.sentAtMs - before.sentAtMs < groupMs &&
      message.replyToId === null;
    before = message;
    return { message, isFirst: !goesOn, beginsDay, beginsUnread };
  });
}

/**
 * @returns the rows, of which those that are as before are the same objects, so that whoever shows
 *   them sees that nothing changed
 */
export function sameWhereEqual(
  before: readonly MessageRow[],
  rows: readonly MessageRow[],
): readonly MessageRow[] {
  const known = new Map(before.map((row) => [row.message, row]));
  return rows.map((row) => {
    const old = known.get(row.message);
    return old !== undefined && areEqual(old, row) ? old : row;
  });
}

function areEqual(a: MessageRow, b: MessageRow): boolean {
  const isAlike = a.isFirst === b.isFirst && a.beginsDay === b.beginsDay;
  return a.message === b.message && isAlike && a.beginsUnread === b.beginsUnread;
}

/** Ids of messages sort by time. */
function isUnseen({ messageId }: TextMessage, seenId: Uuid | null): boolean {
  return seenId !== null && messageId > seenId;
}

function dayOf(atMs: number): string {
  return new Date(atMs).toDateString();
}
