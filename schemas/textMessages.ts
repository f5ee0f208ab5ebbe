import { FrameType } from './frameType.js';
import type { HistoryDirection } from './generated/rookery/history-direction.js';
import type { Message, Of } from './messages.js';
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
/** Names one message. */
interface MessageReference {
  readonly roomId: Uuid;
  readonly messageId: Uuid;
}
export interface EditMessage extends Of<T['EditMessage']>, MessageReference {
  readonly text: string;
}
export interface DeleteMessage extends Of<T['DeleteMessage']>, MessageReference {}
export interface AddReaction extends Of<T['AddReaction']>, MessageReference {
  /** One grapheme cluster of at most 32 bytes. */
  readonly emoji: string;
}
export interface RemoveReaction extends Of<T['RemoveReaction']>, MessageReference {
  readonly emoji: string;
}
export interface PinMessage extends Of<T['PinMessage']>, MessageReference {}
export interface UnpinMessage extends Of<T['UnpinMessage']>, MessageReference {}
export interface ReadPins extends Of<T['ReadPins']> {
  readonly roomId: Uuid;
}
/** The pinned messages of a room. */
export interface PinList extends Of<T['PinList']> {
  readonly roomId: Uuid;
  /** All of that room, that which was pinned first before the others. */
  readonly messages: readonly TextMessage[];
}

export interface MessageEdited extends Of<T['MessageEdited']>, MessageReference {
  readonly text: string;
  readonly mentionedIds: readonly Uuid[];
  readonly editedAtMs: number;
}
export interface MessageDeleted extends Of<T['MessageDeleted']>, MessageReference {}
export interface ReactionChanged extends Of<T['ReactionChanged']>, MessageReference {
  readonly emoji: string;
  /** Users who react so now. */
  readonly count: number;
  /** Who has reacted so, or does not any more. */
  readonly userId: Uuid;
  readonly added: boolean;
}
export interface PinsChanged extends Of<T['PinsChanged']>, MessageReference {
  readonly pinned: boolean;
}

/** What a client asks for. */
export type TextCommand =
  | SendMessage
  | EditMessage
  | DeleteMessage
  | AddReaction
  | RemoveReaction
  | ReadHistory
  | PinMessage
  | UnpinMessage
  | ReadPins;
/** What it is answered with, in place of CommandDone. */
export type TextAnswer = HistoryPage | PinList;
/** What all are told who read a room. */
export type TextNews = RoomMessage | MessageEdited | MessageDeleted | ReactionChanged | PinsChanged;

const newsTypes: ReadonlySet<FrameType> = new Set([
  FrameType.RoomMessage,
  FrameType.MessageEdited,
  FrameType.MessageDeleted,
  FrameType.ReactionChanged,
  FrameType.PinsChanged,
]);

export function isTextNews(message: Message): message is TextNews {
  return newsTypes.has(message.type);
}
