import { HistoryDirection } from '@rookery/schemas/generated/rookery/history-direction';
import type { Uuid } from '@rookery/schemas/messages';
import type { StoredMessage } from '../store/messageRecord.js';
import type { Messages } from '../store/messages.js';
import type { TextLimits } from '../textLimits.js';

/** Neighbouring messages of one place, oldest first. */
export interface StoredPage {
  readonly messages: readonly StoredMessage[];
  readonly hasEarlier: boolean;
  readonly hasLater: boolean;
}

/** What is asked for, with a count that is allowed. */
export interface PageQuery {
  readonly direction: HistoryDirection;
  /** null for the newest page (Before) or the oldest (After); Around has one. */
  readonly messageId: Uuid | null;
  readonly count: number;
}

/** What is read in pages: durable messages. */
type History = Pick<Messages, 'before' | 'after'>;

/**
 * Reads a page. It costs what the page costs, however long the history is; what would be too many
 * bytes stays for the next page.
 */
export function readPage(
  history: History,
  roomId: Uuid,
  query: PageQuery,
  { pageTextBytesMax }: TextLimits,
): StoredPage {
  const { direction, messageId, count } = query;
  switch (direction) {
    case HistoryDirection.Before: {
      const newestFirst = history.before(roomId, messageId, count);
      const messages = withinBytes(newestFirst, pageTextBytesMax).reverse();
      return pageOf(history, roomId, messages, direction);
    }
    case HistoryDirection.After: {
      const messages = withinBytes(history.after(roomId, messageId, count), pageTextBytesMax);
      return pageOf(history, roomId, messages, direction);
    }
    case HistoryDirection.Around: {
      const halfBytes = pageTextBytesMax / 2;
      const earlierCount = Math.floor((count - 1) / 2);
      const newestFirst = history.before(roomId, messageId, earlierCount);
      const earlier = withinBytes(newestFirst, halfBytes).reverse();
      // From the message itself, where it is there.
      const [nearest = null] = history.before(roomId, messageId, 1);
      const from = nearest?.messageId ?? null;
      const later = withinBytes(history.after(roomId, from, count - earlier.length), halfBytes);
      return pageOf(history, roomId, [...earlier, ...later], direction);
    }
  }
}

function pageOf(
  history: History,
  roomId: Uuid,
  messages: readonly StoredMessage[],
  direction: HistoryDirection,
): StoredPage {
  const first = messages[0];
  const last = messages.at(-1);
  if (first === undefined || last === undefined) {
    // Whatever there is stands on the other side of where it was looked from.
    const isEmpty = history.before(roomId, null, 1).length === 0;
    const hasEarlier = !isEmpty && direction === HistoryDirection.After;
    return { messages, hasEarlier, hasLater: !isEmpty && !hasEarlier };
  }
  return {
    messages,
    hasEarlier: history.before(roomId, first.messageId, 1).length > 0,
    hasLater: history.after(roomId, last.messageId, 1).length > 0,
  };
}

/** The first ones, as many as are not too long together, and at least one. */
function withinBytes(messages: readonly StoredMessage[], bytesMax: number): StoredMessage[] {
  let bytes = 0;
  const end = messages.findIndex(({ text }, index) => {
    bytes += Buffer.byteLength(text);
    return index > 0 && bytes > bytesMax;
  });
  return end === -1 ? [...messages] : messages.slice(0, end);
}
