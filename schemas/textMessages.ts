import type { FrameType } from './frameType.js';
import type { HistoryDirection } from './generated/rookery/history-direction.js';
import type { Of } from './messages.js';
import type { Uuid } from './uuid.js';

/**
 * What is written in rooms and talks (control/messages.fbs). A `roomId` may be the id of a talk:
 * wherever people write, the same holds.
 */

type T = typeof FrameType;

export interface SendMessage extends Of<T['SendMessage']> {
  readonly roomId: Uuid;
  readonly text: string;
  readonly clientMessageId: Uuid;
  /** The message of the same room that it answers, or null. */
  readonly replyToId: Uuid | null;
  /** Uploads that belong to it. */
  readonly attachmentIds: readonly Uuid[];
}
export interface ReadHistory extends Of<T['ReadHistory']> {
  readonly roomId: Uuid;
  readonly direction: HistoryDirection;
  /** null for the newest page (Before) or the oldest (After). */
  readonly messageId: Uuid | null;
  /** 1 … 100. */
  readonly count: number;
}

/** One kind of reaction to a message. */
export interface Reaction {
  /** One grapheme cluster. */
  readonly emoji: string;
  /** Users who reacted so. */
  readonly count: number;
  /** Whether the receiver is one of them. */
  readonly mine: boolean;
}
/** A message as people see it. */
export interface TextMessage {
  readonly messageId: Uuid;
  readonly roomId: Uuid;
  readonly userId: Uuid;
  /** Of the sender at that time. */
  readonly displayName: string;
  /** Empty where it was deleted. */
  readonly text: string;
  /** Milliseconds since 1970, as all times. */
  readonly sentAtMs: number;
  readonly clientMessageId: Uuid;
  /** The message of the same room that it answers, or null. */
  readonly replyToId: Uuid | null;
  /** Whom the text mentions. */
  readonly mentionedIds: readonly Uuid[];
  /** Uploads that belong to it. */
  readonly attachmentIds: readonly Uuid[];
  /** Of the latest edit; null where there was none. */
  readonly editedAtMs: number | null;
  /** Its text and all that belonged to it are gone. */
  readonly deleted: boolean;
  /** Oldest kind first. */
  readonly reactions: readonly Reaction[];
}
/** A new message. */
export interface RoomMessage extends Of<T['RoomMessage']>, TextMessage {}
/** Neighbouring messages of a room. */
export interface HistoryPage extends Of<T['HistoryPage']> {
  readonly roomId: Uuid;
  /** All of that room, oldest first. */
  readonly messages: readonly TextMessage[];
  readonly hasEarlier: boolean;
  readonly hasLater: boolean;
}

/** What a client asks for. */
export type TextCommand = SendMessage | ReadHistory;
/** What it is answered with, in place of CommandDone. */
export type TextAnswer = HistoryPage;
