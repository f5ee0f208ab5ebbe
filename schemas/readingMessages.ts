import type { FrameType } from './frameType.js';
import type { Of } from './messages.js';
import type { TextMessage } from './textMessages.js';
import type { Uuid } from './uuid.js';

/** Search, and how far people read (control/reading.fbs). A `roomId` may be the id of a talk. */

type T = typeof FrameType;

export interface Search extends Of<T['Search']> {
  readonly roomId: Uuid;
  readonly query: string;
  /** Only older messages; null for all. */
  readonly beforeId: Uuid | null;
  /** 1 … 100. */
  readonly count: number;
}
export interface SearchPage extends Of<T['SearchPage']> {
  readonly roomId: Uuid;
  /** All of that room, newest first. */
  readonly messages: readonly TextMessage[];
  /** `beforeId` of the next page; null where nothing is left to look at. */
  readonly goOnBefore: Uuid | null;
}
export interface ReadUnread extends Of<T['ReadUnread']> {
  /** None for all in which the user read before. */
  readonly roomIds: readonly Uuid[];
}
/** How much of a room the user did not read. */
export interface UnreadRoom {
  readonly roomId: Uuid;
  /** How far the user read; null where it never did. */
  readonly readId: Uuid | null;
  /** Messages of others since then; `fieldLimits.unreadMax` for as many or more. */
  readonly unread: number;
  /** Those of them that mention the user. */
  readonly mentions: number;
  readonly latestId: Uuid | null;
}
export interface UnreadCounts extends Of<T['UnreadCounts']> {
  readonly rooms: readonly UnreadRoom[];
}
export interface MessageDelivered extends Of<T['MessageDelivered']> {
  readonly roomId: Uuid;
  readonly messageId: Uuid;
}
export interface MessageRead extends Of<T['MessageRead']> {
  readonly roomId: Uuid;
  readonly messageId: Uuid;
}
/** How far somebody came in a talk. */
export interface MessageAck extends Of<T['MessageAck']> {
  readonly roomId: Uuid;
  readonly userId: Uuid;
  readonly deliveredId: Uuid | null;
  readonly readId: Uuid | null;
}

/** What a client asks for. */
export type ReadingCommand = Search | ReadUnread | MessageDelivered | MessageRead;
/** What it is answered with, in place of CommandDone. */
export type ReadingAnswer = SearchPage | UnreadCounts;
